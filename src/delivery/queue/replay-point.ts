/** From where on events are delivered again. */
export type ReplayPoint =
  | { commitOrder: string; position: string }
  /** Milliseconds since the epoch. */
  | { since: number };

/** Whether an event comes after the point that `replayParameters` put at $2 to $4. */
export const isAfter = (event: string) =>
  `coalesce((${event}.commit_order, ${event}.position) > ($2::bigint, $3::bigint),
            ${event}.occurred_at >= to_timestamp($4::float8 / 1000))`;

export function replayParameters(point: ReplayPoint): unknown[] {
  return 'since' in point ? [null, null, point.since] : [point.commitOrder, point.position, null];
}
