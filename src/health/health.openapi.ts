import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import { type HealthCheck, Liveness, Readiness, UP } from './health.types';

const UNKNOWN: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };

const READY: Readiness = {
  status: 'ok',
  checks: { database: UP, migrations: UP, jobs: UP, watches: UP, eventLog: UP, encryption: UP },
};

const UNAVAILABLE: Readiness = {
  status: 'unavailable',
  checks: {
    database: {
      status: 'down',
      detail:
        'No write is possible: connect ECONNREFUSED 10.0.0.5:5432. Start PostgreSQL, or let DATABASE_URL lead to one that takes writes: a standby does not.',
    },
    migrations: UNKNOWN,
    jobs: UP,
    watches: UNKNOWN,
    eventLog: UNKNOWN,
    encryption: UP,
  },
};

const LIVE: Liveness = { status: 'ok', installation: '7b1e5c1e-5a3f-4c57-9d0e-2f6a3a0c9b11' };

export const DescribeLiveness = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process is up' }),
    ApiOkResponse({ type: Liveness, description: 'It is', example: LIVE }),
  );

export const DescribeReadiness = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getReadiness', summary: 'Whether it can do its work' }),
    ApiOkResponse({
      type: Readiness,
      description:
        'It can. `degraded` when watches are overdue, events are not shown for now, an encryption key is missing, or the subscription ' +
        'is not being read',
      example: READY,
    }),
    ApiServiceUnavailableResponse({
      type: Readiness,
      description: 'Database, migrations or jobs are down, or it is stopping',
      example: UNAVAILABLE,
    }),
  );
