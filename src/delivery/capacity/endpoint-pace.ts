import { Injectable } from '@nestjs/common';

/** An attempt that takes longer than this makes its endpoint a slow one. */
export const SLOW_ATTEMPT_MS = 1_000;

/**
 * How long (ms) an endpoint without an attempt is remembered. Those that were deleted or disabled would otherwise gather for as
 * long as the process lives, and each claim asks the database about every one that is known.
 */
const MEMORY_MS = 3_600_000;

interface Pace {
  /** When its last attempt began, on the scale of `performance.now()`. */
  at: number;
  /** How many attempts are under way that have taken too long already. */
  slowUnderWay: number;
  /** Whether the last attempt that ended was slow. */
  lastWasSlow: boolean;
}

/** Which endpoints answer quickly, as far as this process knows. One that hangs is known before its attempt has ended. */
@Injectable()
export class EndpointPace {
  private readonly paces = new Map<string, Pace>();
  private readonly listeners: (() => void)[] = [];

  /** Undefined when no attempt has ended yet, and none is slow. */
  isSlow(endpointId: string): boolean | undefined {
    const pace = this.paces.get(endpointId);
    return pace && (pace.slowUnderWay > 0 || pace.lastWasSlow);
  }

  /** Every endpoint whose pace is known, in the order of their last attempts: the one that has waited longest stands first. */
  get known(): string[] {
    return [...this.paces.keys()];
  }

  /** Calls it when an endpoint has become slow: the places that it holds no longer count as those of quick ones. */
  onSlow(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Times one attempt. */
  async during<T>(endpointId: string, attempt: () => Promise<T>): Promise<T> {
    this.moveToEnd(endpointId);
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.paceOf(endpointId).slowUnderWay += 1;
      for (const listener of this.listeners) listener();
    }, SLOW_ATTEMPT_MS);
    try {
      return await attempt();
    } finally {
      clearTimeout(timer);
      const pace = this.paceOf(endpointId);
      if (isSlow) pace.slowUnderWay -= 1;
      pace.lastWasSlow = isSlow;
    }
  }

  private moveToEnd(endpointId: string): void {
    const now = performance.now();
    const pace = this.paces.get(endpointId);
    if (pace && this.paces.delete(endpointId)) this.paces.set(endpointId, Object.assign(pace, { at: now }));
    for (const [id, { at }] of this.paces) {
      if (now - at <= MEMORY_MS) break;
      this.paces.delete(id);
    }
  }

  private paceOf(endpointId: string): Pace {
    const known = this.paces.get(endpointId);
    if (known) return known;
    const pace = { at: performance.now(), slowUnderWay: 0, lastWasSlow: false };
    this.paces.set(endpointId, pace);
    return pace;
  }
}
