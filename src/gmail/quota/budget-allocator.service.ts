import { Injectable } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import { type Budget, BudgetStore, type SavedReservation } from './budget.store';
import { reserve, type ReservationRequest } from './usage-window';

/** A caller wants units of a budget. */
export interface BudgetRequest extends ReservationRequest {
  name: string;
  /** Is granted although Google throttles this budget. */
  ignoresThrottle: boolean;
}

/**
 * The units that were granted; or none, and in how many milliseconds it is worth asking again: because Google `throttled`
 * the budget, or because it is used up.
 */
export type BudgetOutcome =
  { granted: number; waitMs?: undefined } | { granted: 0; waitMs: number; throttled: boolean };

/** Another replica was faster so often in a row: something else is wrong. */
const MAX_ATTEMPTS = 50;

/** Reserves units of the budgets that all replicas share. All requests of one moment take two statements together. */
@Injectable()
export class BudgetAllocator {
  private readonly batcher = new Batcher<BudgetRequest, BudgetOutcome | undefined>(
    (requests) => this.reserveAll(requests),
    { lanes: 1, maxItems: 500 },
  );

  constructor(private readonly store: BudgetStore) {}

  async reserve(request: BudgetRequest): Promise<BudgetOutcome> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const outcome = await this.batcher.add(request);
      if (outcome) return outcome;
    }
    throw new Error(`Nothing of the budget ${request.name} could be reserved: others were always faster.`);
  }

  /** @returns undefined where another replica reserved units at the same moment */
  private async reserveAll(requests: BudgetRequest[]): Promise<(BudgetOutcome | undefined)[]> {
    const names = [...new Set(requests.map(({ name }) => name))];
    const budgets = new Map((await this.store.load(names)).map((budget) => [budget.name, budget]));
    const reservations = new Map<string, SavedReservation>();
    const outcomes = requests.map((request) => decide(request, budgets.get(request.name)!, reservations));
    const saved =
      reservations.size > 0 ? await this.store.save([...reservations.values()]) : new Set<string>();
    return outcomes.map((outcome, index) =>
      outcome.granted === 0 || saved.has(requests[index]!.name) ? outcome : undefined,
    );
  }
}

/** @param reservations those that were decided already, to which this one is added */
function decide(
  request: BudgetRequest,
  budget: Budget,
  reservations: Map<string, SavedReservation>,
): BudgetOutcome {
  const { now, throttle, name } = budget;
  if (now < throttle.until && !request.ignoresThrottle)
    return { granted: 0, waitMs: throttle.until - now, throttled: true };
  const before = reservations.get(name);
  const reservation = reserve(before?.usage ?? budget.usage, request, now);
  if (reservation.waitMs !== undefined) return { granted: 0, waitMs: reservation.waitMs, throttled: false };
  const granted = reservation.granted + (before?.granted ?? 0);
  reservations.set(name, { budget, usage: reservation.usage, granted });
  return { granted: reservation.granted };
}
