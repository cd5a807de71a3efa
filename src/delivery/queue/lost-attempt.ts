import type { LostAttempt } from '../attempt/attempt-verdict';

/** In SQL: the age (ms) of the attempt that began at `due.lost_attempt_at`. */
export const LOST_ATTEMPT_AGE = `extract(epoch FROM now() - due.lost_attempt_at)::float8 * 1000 AS lost_attempt_age`;

export interface LostAttemptRow {
  lost_attempt_at: Date | null;
  lost_attempt_age: number | null;
}

export function toLostAttempt(row: LostAttemptRow): LostAttempt | undefined {
  return row.lost_attempt_at ? { at: row.lost_attempt_at, age: row.lost_attempt_age ?? 0 } : undefined;
}
