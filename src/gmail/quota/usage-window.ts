/**
 * The units that were used lately of one budget, by slot of time, the newest slot first. The budget holds in every minute
 * there is, wherever that begins: Google does not say where its own minutes begin.
 */
export interface UsageWindow {
  /** The number of the newest slot. Slots are counted from the epoch. */
  slot: number;
  units: number[];
}

/** Short slots give units back soon. */
export const SLOT_MS = 2_500;

/** How long reserved units may be kept before they are used. */
export const PERMIT_LIFETIME_MS = 4_000;

/** A unit counts for a minute after its use. The use comes a little after the reservation: kept, and on its way to Google. */
const COUNTED_MS = 60_000 + PERMIT_LIFETIME_MS + 1_000;
const SLOTS = COUNTED_MS / SLOT_MS + 1;

export interface ReservationRequest {
  /** Units without which the caller cannot go on. */
  required: number;
  /** Units that the caller would like, to save the next reservation; at least `required`. */
  wanted: number;
  /** Up to how many units this caller may fill the budget. */
  ceiling: number;
}

/** The units that were granted and the usage with them; or in how many milliseconds there are enough. */
export type Reservation =
  { granted: number; usage: UsageWindow; waitMs?: undefined } | { granted: 0; waitMs: number };

/**
 * Reserves units of a budget: as many as wanted while there are plenty, fewer when they run short, and all or none of what
 * is required. More than the whole budget is granted when nothing was used for a minute.
 *
 * @param now milliseconds since the epoch, by the clock that all replicas share
 */
export function reserve(
  before: UsageWindow,
  { required, wanted, ceiling }: ReservationRequest,
  now: number,
): Reservation {
  const { slot, units } = windowAt(before, now);
  const used = sum(units);
  const free = ceiling - used;
  if (free < required && used > 0) {
    // The little that is wanted besides is waited for too: else the caller comes back too early.
    const mayRemain = Math.max(0, ceiling - Math.max(required, wanted));
    return { granted: 0, waitMs: waitUntil({ slot, units }, mayRemain, now) };
  }
  const granted = Math.max(required, Math.min(wanted, Math.floor(free / 8)));
  return { granted, usage: { slot, units: [units[0]! + granted, ...units.slice(1)] } };
}

/** @returns in how many milliseconds no more than so many units count */
function waitUntil({ slot, units }: UsageWindow, mayRemain: number, now: number): number {
  let left = sum(units);
  let age = units.length - 1;
  while (age >= 0 && left > mayRemain) left -= units[age--]!;
  return Math.max(1, (slot - age - 1 + SLOTS) * SLOT_MS - now);
}

/** The same window now: what is old enough no longer counts. */
function windowAt({ slot, units }: UsageWindow, now: number): UsageWindow {
  // A clock that was put back forgets nothing.
  const current = Math.max(slot, Math.floor(now / SLOT_MS));
  const passed = Math.min(current - slot, SLOTS);
  return {
    slot: current,
    units: [...Array<number>(passed).fill(0), ...units, ...Array<number>(SLOTS).fill(0)].slice(0, SLOTS),
  };
}

function sum(units: number[]): number {
  return units.reduce((all, some) => all + some, 0);
}
