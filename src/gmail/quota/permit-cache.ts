import { KEPT } from './usage-window';

/** Units that were drawn, and until when they may be spent. */
export interface Permits {
  units: number;
  until: number;
}

/** Units that were drawn ahead and are spent from memory, for a few seconds: after that they are gone, spent or not. */
export class PermitCache {
  /** By the name of the budget, in the order in which they were first filled. */
  private readonly pockets = new Map<string, Permits>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Permits that are drawn now. */
  coins(units: number): Permits {
    return { units, until: this.now() + KEPT };
  }

  /** Takes up to so many units of a budget out. */
  take(name: string, most: number): Permits {
    const pocket = this.pockets.get(name);
    if (!pocket || pocket.until <= this.now()) return this.coins(0);
    const units = Math.min(most, pocket.units);
    pocket.units -= units;
    return { units, until: pocket.until };
  }

  /** Puts units in that are not needed now. They share the life of what is there, the shorter one. */
  put(name: string, { units, until }: Permits): void {
    if (units === 0) return;
    this.forgetOld();
    const pocket = this.pockets.get(name) ?? { units: 0, until };
    this.pockets.set(name, { units: pocket.units + units, until: Math.min(pocket.until, until) });
  }

  empty(name: string): void {
    this.pockets.delete(name);
  }

  private forgetOld(): void {
    for (const [name, { until }] of this.pockets) if (until <= this.now()) this.pockets.delete(name);
  }
}
