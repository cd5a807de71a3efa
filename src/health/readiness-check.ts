import type { Check } from '../diagnosis/check';

/**
 * A part of readiness: a check of the form that `doctor`'s have, which finds for itself what it looks at. One that is `skipped` is
 * left out, and one that is `ok` is shown with its words when it has a remedy.
 */
export interface ReadinessCheck extends Check<void> {
  /** The status of one that is not `ok`: `down` keeps requests and work away, `degraded` is only reported. */
  failure: 'down' | 'degraded';
  /** Its answer is not known while the database is down. */
  needsDatabase: boolean;
}
