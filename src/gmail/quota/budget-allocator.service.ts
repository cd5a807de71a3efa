import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import { BudgetMemory } from './budget-memory';
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

/**
 * Reserves units of the budgets that all replicas share. All requests of one moment take one statement together, as long as
 * no other replica uses these budgets too.
 */
@Injectable()
export class BudgetAllocator {
  private readonly memory = new BudgetMemory();
  private readonly batcher = new Batcher<BudgetRequest, BudgetOutcome | undefined>(
    (requests) => this.reserveAll(requests),
    { lanes: 1, maxItems: 500 },
  );

  constructor(private readonly store: BudgetStore) {}

  async reserve(request: BudgetRequest): Promise<BudgetOutcome> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      // What was remembered is known to be out of date after one attempt. Later ones must not stay in step with another replica.
      if (attempt > 1) await delay(Math.random() * attempt);
      const outcome = await this.batcher.add(request);
      if (outcome) return outcome;
    }
    throw new Error(`Nothing of the budget ${request.name} could be reserved: others were always faster.`);
  }

  /** @returns undefined for each decision on a budget that is not as remembered, or may not be: it is to be made again */
  private async reserveAll(requests: BudgetRequest[]): Promise<(BudgetOutcome | undefined)[]> {
    const { budgets, loaded } = await this.budgets(new Set(requests.map(({ name }) => name)));
    const reservations = new Map<string, SavedReservation>();
    const outcomes = requests.map((request) => decide(request, budgets.get(request.name)!, reservations));
    const saved = await this.save([...reservations.values()]);
    return outcomes.map((outcome, index) => {
      const { name } = requests[index]!;
      if (saved.has(name) || (outcome.granted === 0 && loaded.has(name))) return outcome;
      // A refusal is not passed on before the budget was read.
      if (!reservations.has(name)) this.memory.forget(name);
      return undefined;
    });
  }

  /** The budgets as they are remembered; the others are loaded. */
  private async budgets(names: Set<string>) {
    const remembered = [...names].flatMap((name) => this.memory.recall(name) ?? []);
    const budgets = new Map(remembered.map((budget) => [budget.name, budget]));
    const loaded = new Set([...names].filter((name) => !budgets.has(name)));
    if (loaded.size > 0)
      for (const budget of await this.store.load([...loaded])) {
        this.memory.remember(budget);
        budgets.set(budget.name, budget);
      }
    return { budgets, loaded };
  }

  /** @returns the names of the budgets that were saved; of the others, the next decision is made on what they are now */
  private async save(reservations: SavedReservation[]): Promise<Set<string>> {
    if (reservations.length === 0) return new Set();
    const { saved, budgets } = await this.store.save(reservations);
    for (const { budget } of reservations) this.memory.forget(budget.name);
    for (const budget of budgets) this.memory.remember(budget);
    return saved;
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
