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
    database: { status: 'down', detail: 'connect ECONNREFUSED 10.0.0.5:5432' },
    migrations: UNKNOWN,
    jobs: UP,
    watches: UNKNOWN,
    eventLog: UNKNOWN,
    encryption: UP,
  },
};

export const DescribeLiveness = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process is up' }),
    ApiOkResponse({ type: Liveness, description: 'It is', example: { status: 'ok' } satisfies Liveness }),
  );

export const DescribeReadiness = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getReadiness', summary: 'Whether it can do its work' }),
    ApiOkResponse({
      type: Readiness,
      description:
        'It can. `degraded` when watches are overdue, events are not shown for now, or an encryption key is missing',
      example: READY,
    }),
    ApiServiceUnavailableResponse({
      type: Readiness,
      description: 'Database, migrations or jobs are down, or it is stopping',
      example: UNAVAILABLE,
    }),
  );
