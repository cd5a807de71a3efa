import type { Budget } from './budget.store';

/** Some 10 MB. */
const MAX_BUDGETS = 20_000;

/**
 * The budgets as this replica saw them last, and the database's clock: a reservation can be decided on them before the
 * database is asked. They may be out of date, so a decision holds only if the save finds the same budget, or a load did.
 */
export class BudgetMemory {
  /** In the order in which they were seen. */
  private readonly budgets = new Map<string, Budget>();
  private clockOffsetMs = 0;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly maxBudgets = MAX_BUDGETS,
  ) {}

  /** @param budget as the database has just returned it */
  remember(budget: Budget): void {
    // Of two clocks only their rates are alike. What the answer took on its way lets this one run late, never ahead.
    this.clockOffsetMs = budget.now - this.now();
    this.budgets.delete(budget.name);
    this.budgets.set(budget.name, budget);
    for (const name of this.budgets.keys()) {
      if (this.budgets.size <= this.maxBudgets) return;
      this.budgets.delete(name);
    }
  }

  /** The budget as it was seen last, at the present time of the database's clock. */
  recall(name: string): Budget | undefined {
    const budget = this.budgets.get(name);
    return budget && { ...budget, now: this.now() + this.clockOffsetMs };
  }

  forget(name: string): void {
    this.budgets.delete(name);
  }
}
