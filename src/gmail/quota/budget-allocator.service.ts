import { Injectable } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import { type Budget, BudgetStore, type SavedDraw } from './budget.store';
import { type Draw, draw } from './usage-window';

/** Somebody wants units of a budget. */
export interface DrawRequest extends Draw {
  name: string;
  /** Is made although Google has paused this budget. */
  despitePause: boolean;
}

/**
 * Units that were granted; or none, and in how many milliseconds it is worth asking again, since Google wants to be left
 * alone so long (`paused`) or since the budget is spent.
 */
export type DrawOutcome =
  { granted: number; wait?: undefined } | { granted: 0; wait: number; paused: boolean };

/** Another replica was faster so often in a row: something else is wrong. */
const ATTEMPTS = 50;

/** Draws from the budgets that all replicas share: what this replica wants at the same moment goes in two statements. */
@Injectable()
export class BudgetAllocator {
  private readonly batcher = new Batcher<DrawRequest, DrawOutcome | undefined>(
    (requests) => this.drawAll(requests),
    {
      lanes: 1,
      maxItems: 500,
    },
  );

  constructor(private readonly store: BudgetStore) {}

  async draw(request: DrawRequest): Promise<DrawOutcome> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = await this.batcher.add(request);
      if (outcome) return outcome;
    }
    throw new Error(`The budget ${request.name} could not be drawn from: others were always faster.`);
  }

  /** @returns undefined where another replica has drawn at the same moment */
  private async drawAll(requests: DrawRequest[]): Promise<(DrawOutcome | undefined)[]> {
    const names = [...new Set(requests.map(({ name }) => name))];
    const budgets = new Map((await this.store.load(names)).map((budget) => [budget.name, budget]));
    const draws = new Map<string, SavedDraw>();
    const outcomes = requests.map((request) => decide(request, budgets.get(request.name)!, draws));
    const saved = draws.size > 0 ? await this.store.save([...draws.values()]) : draws;
    return outcomes.map((outcome, index) =>
      outcome.granted === 0 || saved.has(requests[index]!.name) ? outcome : undefined,
    );
  }
}

/** @param draws those that were decided already, to which this one is added */
function decide(request: DrawRequest, budget: Budget, draws: Map<string, SavedDraw>): DrawOutcome {
  const { now, pause, name } = budget;
  if (now < pause.until && !request.despitePause)
    return { granted: 0, wait: pause.until - now, paused: true };
  const before = draws.get(name);
  const drawn = draw(before?.spending ?? budget.spending, request, now);
  if (drawn.wait !== undefined) return { granted: 0, wait: drawn.wait, paused: false };
  const granted = drawn.granted + (before?.granted ?? 0);
  draws.set(name, { budget, spending: drawn.spending, granted });
  return { granted: drawn.granted };
}
