import type { HealthCheck, Readiness } from './health.types';

const UP: HealthCheck = { status: 'up' };
const UNKNOWN: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };

export const READY: Readiness = {
  status: 'ok',
  checks: { database: UP, migrations: UP, jobs: UP, watches: UP, encryption: UP },
};

export const UNAVAILABLE: Readiness = {
  status: 'unavailable',
  checks: {
    database: { status: 'down', detail: 'connect ECONNREFUSED 10.0.0.5:5432' },
    migrations: UNKNOWN,
    jobs: UP,
    watches: UNKNOWN,
    encryption: UP,
  },
};
