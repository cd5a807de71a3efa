/**
 * What was spent lately from one budget: units by slot of time, the newest slot first. A budget of so many units a minute
 * is kept in every minute there is, wherever it begins, for Google does not say where its own begin.
 */
export interface UsageWindow {
  /** The number of the newest slot: slots are counted from the epoch. */
  slot: number;
  units: number[];
}

/** Milliseconds. Short slots give units back soon. */
export const SLOT = 2_500;

/** How long (ms) units that were drawn may be kept before they are spent. */
export const KEPT = 4_000;

/** A unit counts for a minute after it was spent, which is a little after it was drawn: kept, and on its way to Google. */
const COUNTED = 60_000 + KEPT + 1_000;
const SLOTS = COUNTED / SLOT + 1;

export interface Draw {
  /** Units that the caller cannot do without. */
  least: number;
  /** Units that it would like, to save the next draw; at least `least`. */
  wanted: number;
  /** Up to how many units the budget may be filled by this caller. */
  ceiling: number;
}

/** Units that were granted, and the spending with them; or in how many milliseconds there are enough. */
export type Drawn =
  { granted: number; spending: UsageWindow; wait?: undefined } | { granted: 0; wait: number };

/**
 * Draws units from a budget: as many as wanted while there is plenty, fewer when it runs short, all or none of what is
 * needed. More than there can ever be is granted once nothing at all has been spent for a minute.
 *
 * @param now milliseconds since the epoch, by the clock that all replicas share
 */
export function draw(before: UsageWindow, { least, wanted, ceiling }: Draw, now: number): Drawn {
  const { slot, units } = at(before, now);
  const spent = sum(units);
  const free = ceiling - spent;
  if (free < least && spent > 0)
    return { granted: 0, wait: waitFor({ slot, units }, least, wanted, ceiling, now) };
  const granted = Math.max(least, Math.min(wanted, Math.floor(free / 8)));
  return { granted, spending: { slot, units: [units[0]! + granted, ...units.slice(1)] } };
}

/** Until what is needed has been given back, and the little that is wanted besides: else the caller is back in vain. */
function waitFor(
  { slot, units }: UsageWindow,
  least: number,
  wanted: number,
  ceiling: number,
  now: number,
): number {
  const enough = Math.max(0, ceiling - Math.max(least, wanted));
  let left = sum(units);
  let age = units.length - 1;
  while (age >= 0 && left > enough) left -= units[age--]!;
  return Math.max(1, (slot - age - 1 + SLOTS) * SLOT - now);
}

/** The same as it is now: what is old enough no longer counts. */
function at({ slot, units }: UsageWindow, now: number): UsageWindow {
  // A clock that was put back does not forget.
  const current = Math.max(slot, Math.floor(now / SLOT));
  const passed = Math.min(current - slot, SLOTS);
  return {
    slot: current,
    units: [...Array<number>(passed).fill(0), ...units, ...Array<number>(SLOTS).fill(0)].slice(0, SLOTS),
  };
}

function sum(units: number[]): number {
  return units.reduce((all, some) => all + some, 0);
}
