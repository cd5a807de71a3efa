/** A position in the order of the log: after an event, or before all of them. */
export interface LogPosition {
  readonly commitOrder: bigint;
  readonly position: bigint;
  /** The event that stands there; undefined before the first one. */
  readonly id: string | undefined;
}

/** Before every event. */
export const BEGINNING: LogPosition = { commitOrder: -1n, position: -1n, id: undefined };

/** Whether the one comes after the other in the order of the log. */
export function isAfter(one: LogPosition, other: LogPosition): boolean {
  return one.commitOrder === other.commitOrder
    ? one.position > other.position
    : one.commitOrder > other.commitOrder;
}
