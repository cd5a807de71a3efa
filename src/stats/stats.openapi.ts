import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { StatsStep } from './stats.dto';

const STATS: StatsStep[] = [
  {
    at: '2026-11-22T08:59:00.000Z',
    pushes: 118,
    changes: 164,
    deliveries: 164,
    failures: 2,
    units: 3_412,
    latencyMs: { p50: 21, p99: 140 },
  },
  {
    at: '2026-11-22T09:00:00.000Z',
    pushes: 0,
    changes: 0,
    deliveries: 0,
    failures: 0,
    units: 0,
    latencyMs: { p50: null, p99: null },
  },
];

export const DescribeGetStats = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'getStats',
      summary: 'What all replicas have done, step by step',
      description:
        'The numbers behind the plots of the console, at most 15 s old and kept for 30 days. A step in which nothing was done is ' +
        'there with zeros. At most 10,080 steps at once.',
    }),
    ApiOkResponse({ type: [StatsStep], description: 'The steps, in the order of time', example: STATS }),
  );
