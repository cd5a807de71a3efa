import type { Provider } from '@nestjs/common';
import type { ReadinessCheck } from '../readiness-check';
import { DatabaseReadiness, MigrationsReadiness } from './database.checks';
import { EncryptionReadiness } from './encryption.check';
import { EventLogReadiness } from './event-log.check';
import { JobsReadiness } from './jobs.check';
import { PubsubReadiness } from './pubsub.check';
import { WatchesReadiness } from './watches.check';

/** Every part of readiness, in the order of the answer. `HealthChecks` describes each. The database comes first: others need it. */
const ALL = [
  DatabaseReadiness,
  MigrationsReadiness,
  JobsReadiness,
  WatchesReadiness,
  EventLogReadiness,
  EncryptionReadiness,
  PubsubReadiness,
];

/** Injects them: `@Inject(READINESS_CHECKS) checks: readonly ReadinessCheck[]`. */
export const READINESS_CHECKS = Symbol('READINESS_CHECKS');

export const READINESS_PROVIDERS: Provider[] = [
  ...ALL,
  { provide: READINESS_CHECKS, inject: ALL, useFactory: (...checks: ReadinessCheck[]) => checks },
];
