/** For a time or a number of calls, history is answered as it was at `until`, behind what was notified. */
export interface HistoryLag {
  until: bigint;
  callsLeft: number;
  /** Epoch ms by the wall clock. */
  endsAt: number;
}

export function takeLag(lag: HistoryLag | null): bigint | null {
  if (lag === null || lag.callsLeft <= 0 || Date.now() >= lag.endsAt) return null;
  lag.callsLeft -= 1;
  return lag.until;
}
