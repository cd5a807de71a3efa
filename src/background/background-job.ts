/** One contract for everything that runs in the background: `BackgroundJobs` starts, wakes and stops all of it. */
export interface BackgroundJob {
  start(): void;
  /** Polls for due work now, rather than when its time comes. Nothing before the start and after the stop. */
  wake(): void;
  /** Whether it still polls for work, for the health check. */
  readonly alive: boolean;
  /** Begins nothing more, asks what is under way to end, and resolves when it has or its time is over. */
  stop(): Promise<void>;
}

/**
 * Every job by name, in the order in which they start. They stop in the opposite order, line by line, those of one line
 * together: first what reads the log, last what everything rests on.
 */
export const JOB_ORDER = [
  ['activity'],
  ['reencryption', 'idempotency-renewal'],
  ['event-retention', 'event-log-lag'],
  ['sync', 'snapshot', 'backfill'],
  ['watch-renewal', 'watch-expiry'],
  ['idempotency-sweep', 'stream-keys', 'console-streams'],
  ['disconnect', 'erasure'],
  ['delivery', 'parked-delivery', 'endpoint-tasks'],
  ['pull'],
] as const;

export type JobName = (typeof JOB_ORDER)[number][number];
