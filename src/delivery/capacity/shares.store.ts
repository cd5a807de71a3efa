import { PLACES_OF_UNKNOWN, type Shares } from './shares';

/**
 * In SQL, for a FROM, with the parameters of `shareParameters`: the endpoints that are enabled, each with its share. It goes
 * from the shares to the endpoints by their key, since hundreds of both would otherwise be compared each with each.
 */
export const SHARING_ENDPOINTS = `(
    SELECT * FROM unnest($2::text[], $3::int[], $4::int[], $5::boolean[]) WITH ORDINALITY AS known (id, places, busy, is_slow, since)
    UNION ALL
    SELECT id, least(${PLACES_OF_UNKNOWN}, $1), 0, false, 0 FROM endpoints WHERE id <> ALL ($2::text[])) share
  CROSS JOIN LATERAL (
    SELECT id, epoch, rate_limit FROM endpoints WHERE endpoints.id = share.id AND status = 'enabled' OFFSET 0) endpoints`;

/** In SQL, for a FROM: parked deliveries of an endpoint that are due and claimed by nobody. */
export const CLAIMABLE_PARKED = `deliveries WHERE endpoint_id = endpoints.id AND deliveries.status = 'pending' AND parked
  AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until < now())`;

/**
 * In SQL: how many rows an endpoint gets of those that are due. One with a rate limit takes a permit for each, which is one
 * attempt; the others are not asked. Rows that somebody else has locked get none, and none is left for them.
 *
 * @param due a relation of what may be claimed
 * @param before a relation of what comes before it: one permit is left for it
 */
export const granted = (due: string, before?: string) => `CASE
  WHEN rate_limit IS NULL THEN share.places
  ELSE take_delivery_permits(endpoints.id, rate_limit, ${unlocked(due, 'share.places')}, ${before ? unlocked(before, '1') : '0'}) END`;

const unlocked = (relation: string, most: string) =>
  `(SELECT count(*) FROM (SELECT FROM ${relation} LIMIT ${most} FOR UPDATE SKIP LOCKED) unlocked)`;

/**
 * In SQL: the order among quick endpoints, each its first place before anybody a second one, and whoever has waited longest
 * since its last attempt before the others: those with many deliveries due do not come before one with its first.
 */
export const TURN = `share.is_slow, share.since,
  share.busy + row_number() OVER (PARTITION BY endpoints.id ORDER BY due_at) AS turn`;

/** In SQL: rows of `found` that get a place, as `due`. */
export const DUE = `due AS (
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY is_slow ORDER BY turn, since, due_at) AS place FROM found) placed
  WHERE is_slow OR place <= $1)`;

/** $1 to $5. */
export function shareParameters({ free, shares }: Shares): unknown[] {
  return [
    free,
    shares.map(({ endpointId }) => endpointId),
    shares.map(({ places }) => places),
    shares.map(({ busy }) => busy),
    shares.map(({ isSlow }) => isSlow),
  ];
}
