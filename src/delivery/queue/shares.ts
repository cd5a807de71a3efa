import type { EndpointPace } from './endpoint-pace';

/** How many attempts of an endpoint may begin before the first one has ended. */
export const PLACES_OF_UNKNOWN = 4;

/** The places of this process for attempts: as many for quick endpoints as for slow ones. */
export interface Places {
  /** For all quick endpoints together, and likewise for all slow ones. */
  total: number;
  /** For one endpoint at most. */
  perEndpoint: number;
}

/** What one endpoint may claim. */
export interface Share {
  endpointId: string;
  /** How many more. */
  places: number;
  busy: number;
  isSlow: boolean;
}

export interface Shares {
  /** How many more quick endpoints may claim, all together. */
  free: number;
  /** Of each endpoint that is known or busy. Of those with equal claims, the first one comes first. */
  shares: Share[];
}

/**
 * Nobody delays anybody else. Quick endpoints share places that are soon free again. An endpoint that becomes slow gives
 * its places back to them: what it holds counts among the slow ones from then on, which share as many places equally. An
 * endpoint of which nothing is known begins with few.
 */
export function shareOut(busy: ReadonlyMap<string, number>, pace: EndpointPace, places: Places): Shares {
  const all = [...new Set([...pace.known, ...busy.keys()])].map((endpointId) => {
    const isSlow = pace.isSlow(endpointId);
    const most = isSlow === undefined ? Math.min(PLACES_OF_UNKNOWN, places.perEndpoint) : places.perEndpoint;
    return { endpointId, busy: busy.get(endpointId) ?? 0, isSlow: isSlow ?? false, most };
  });
  const [slow, quick] = [all.filter(({ isSlow }) => isSlow), all.filter(({ isSlow }) => !isSlow)];
  const free = Math.max(0, places.total - sumOf(quick));
  const fairShare = Math.max(1, Math.floor(places.total / Math.max(1, slow.length)));
  let left = Math.max(0, places.total - sumOf(slow));
  const shares = slow
    .toSorted((one, other) => one.busy - other.busy)
    .map((endpoint) => {
      const more = Math.min(left, Math.max(0, Math.min(endpoint.most, fairShare) - endpoint.busy));
      left -= more;
      return { ...endpoint, places: more };
    });
  for (const endpoint of quick)
    shares.push({ ...endpoint, places: Math.min(free, Math.max(0, endpoint.most - endpoint.busy)) });
  return { free, shares };
}

function sumOf(endpoints: { busy: number }[]): number {
  return endpoints.reduce((sum, { busy }) => sum + busy, 0);
}

/** In SQL, with the parameters of `shareParameters`: the share of an endpoint, for a LEFT JOIN by `id`. */
export const SHARES = `unnest($2::text[], $3::int[], $4::int[], $5::boolean[]) WITH ORDINALITY AS share (id, places, busy, is_slow, since)`;

/** In SQL: how many rows of an endpoint may be claimed. More than can be given are not even locked. */
export const PLACES = `coalesce(share.places, least(${PLACES_OF_UNKNOWN}, $1))`;

/** In SQL, for a FROM: parked deliveries of an endpoint that are due and in nobody's hands. */
export const CLAIMABLE_PARKED = `deliveries WHERE endpoint_id = endpoints.id AND deliveries.status = 'pending' AND parked
  AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until < now())`;

/**
 * In SQL: how many rows an endpoint gets of those that are due. One with a rate limit takes a permit for each, which is one
 * attempt; the others are not asked. Rows that somebody else has locked get none.
 *
 * @param due a relation of what may be claimed
 * @param before a relation of what comes before it: one permit is left for it
 */
export const granted = (due: string, before = '(SELECT WHERE false) AS nothing') => `CASE
  WHEN rate_limit IS NULL THEN ${PLACES}
  ELSE take_delivery_permits(endpoints.id, rate_limit,
    (SELECT count(*) FROM (SELECT FROM ${due} LIMIT ${PLACES} FOR UPDATE SKIP LOCKED) due), (SELECT count(*) FROM (SELECT FROM ${before} LIMIT 1) others)) END`;

/**
 * In SQL: the order among quick endpoints, each its first place before anybody a second one, and whoever has waited longest
 * since its last attempt before the others: those with many deliveries due do not come before one with its first.
 */
export const TURN = `coalesce(share.is_slow, false) AS is_slow, coalesce(share.since, 0) AS since,
  coalesce(share.busy, 0) + row_number() OVER (PARTITION BY endpoints.id ORDER BY due_at) AS turn`;

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
