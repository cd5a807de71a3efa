import { PERMIT_LIFETIME_MS } from './usage-window';

/** Units that were reserved, and until when they may be used. */
export interface Permits {
  units: number;
  until: number;
}

/** Permits that were reserved ahead. They are used from memory within a few seconds; after that they are lost. */
export class PermitCache {
  /** By the name of the budget, in the order in which they were first filled. */
  private readonly budgets = new Map<string, Permits>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Permits whose lifetime begins now. */
  issue(units: number): Permits {
    return { units, until: this.now() + PERMIT_LIFETIME_MS };
  }

  /** Takes up to so many permits of a budget out. */
  take(name: string, max: number): Permits {
    const permits = this.budgets.get(name);
    if (!permits || permits.until <= this.now()) return this.issue(0);
    const units = Math.min(max, permits.units);
    permits.units -= units;
    return { units, until: permits.until };
  }

  /** Puts permits in that are not needed now. They share the lifetime of those that are there, the shorter one. */
  put(name: string, { units, until }: Permits): void {
    if (units === 0) return;
    this.removeExpired();
    const permits = this.budgets.get(name) ?? { units: 0, until };
    this.budgets.set(name, { units: permits.units + units, until: Math.min(permits.until, until) });
  }

  clear(name: string): void {
    this.budgets.delete(name);
  }

  private removeExpired(): void {
    for (const [name, { until }] of this.budgets) if (until <= this.now()) this.budgets.delete(name);
  }
}
