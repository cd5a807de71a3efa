import type { DoctorContext } from './doctor-context';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check found, and what to do about it. */
export interface Finding {
  status: CheckStatus;
  /** A sentence. */
  detail: string;
  remedy: string | null;
}

/** One thing that keeps the service from working, or not. It changes nothing. `Context` is what it looks at. */
export interface Check<Context = DoctorContext> {
  name: string;
  /** What it answers, for a page that shows it. */
  question: string;
  run: (context: Context) => Promise<Finding>;
}

export interface CheckResult extends Finding {
  name: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail, remedy: null });
export const warning = (detail: string, remedy: string): Finding => ({ status: 'warning', detail, remedy });
export const failed = (detail: string, remedy: string): Finding => ({ status: 'failed', detail, remedy });
export const skipped = (detail: string, remedy: string): Finding => ({ status: 'skipped', detail, remedy });
