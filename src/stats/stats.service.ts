import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../common/inboxwire.error';
import { readTime } from '../http/validation';
import { noActivity } from '../observability/activity';
import { quantile } from '../observability/latency-histogram';
import { ActivityService } from './activity.service';
import { beginOf, MAX_STEPS, STEPS } from './steps';
import type { StatsQuery, StatsStep } from './stats.dto';
import { type ActivityStep, StatsStore } from './stats.store';

/** Shows what all replicas have done, step by step. */
@Injectable()
export class StatsService {
  constructor(
    private readonly store: StatsStore,
    private readonly activity: ActivityService,
  ) {}

  /** @throws InvalidValueError when the period is none, or too long for its steps */
  async list(query: StatsQuery): Promise<StatsStep[]> {
    const { seconds } = STEPS[query.step];
    const { from, to } = periodOf(query, Date.now());
    // What this replica knows is shown at once; that of others is a few seconds old.
    await this.activity.flush();
    const found = await this.store.read(seconds, from, to);
    const byTime = new Map(found.map((step) => [step.at, step]));
    const empty = noActivity();
    return Array.from({ length: Math.ceil((to - from) / (seconds * 1_000)) }, (_, index) => {
      const at = from + index * seconds * 1_000;
      return show(byTime.get(at) ?? { stepSeconds: seconds, at, activity: empty });
    });
  }
}

function periodOf(query: StatsQuery, now: number): { from: number; to: number } {
  const { seconds, defaultSteps } = STEPS[query.step];
  const stepMs = seconds * 1_000;
  const to = query.to === undefined ? now : readTime('to', query.to);
  const begin = query.from === undefined ? to - (defaultSteps - 1) * stepMs : readTime('from', query.from);
  if (begin >= to)
    throw new InvalidValueError('from', 'from must be before to, which is now when it is left out');
  const from = beginOf(begin, seconds);
  if ((to - from) / stepMs > MAX_STEPS)
    throw new InvalidValueError(
      'from',
      `the period has more than ${MAX_STEPS} steps: ask for longer steps, or for less`,
    );
  return { from, to };
}

function show({ at, activity: { latencies, ...counts } }: ActivityStep): StatsStep {
  return {
    at: new Date(at).toISOString(),
    ...counts,
    latencyMs: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
  };
}
