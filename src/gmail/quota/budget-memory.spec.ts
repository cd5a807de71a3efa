import type { Budget } from './budget.store';
import { BudgetMemory } from './budget-memory';

const DATABASE_TIME = Date.parse('2026-05-01T12:00:00Z');

describe(BudgetMemory, () => {
  let now = 0;
  let memory: BudgetMemory;
  beforeEach(() => {
    now = 0;
    memory = new BudgetMemory(() => now, 2);
  });

  const budget = (name: string, at = DATABASE_TIME): Budget => ({
    name,
    reserved: 0n,
    usage: { slot: 0, units: [] },
    throttle: { until: 0, refusals: 0 },
    now: at,
  });

  it("remembers a budget, and goes on with the database's clock from when it was last seen", () => {
    memory.remember(budget('a'));
    now = 1_000;
    expect(memory.recall('a')).toEqual(budget('a', DATABASE_TIME + 1_000));
    // The database's clock was put back meanwhile.
    memory.remember(budget('b', DATABASE_TIME - 60_000));
    now = 1_500;
    expect(memory.recall('a')).toEqual(budget('a', DATABASE_TIME - 59_500));
  });

  it('forgets what it is asked to forget, and the oldest when there are too many', () => {
    for (const name of ['a', 'b', 'a', 'c']) memory.remember(budget(name));
    expect(['a', 'b', 'c'].map((name) => memory.recall(name)?.name)).toEqual(['a', undefined, 'c']);
    memory.forget('a');
    expect(memory.recall('a')).toBeUndefined();
  });
});
