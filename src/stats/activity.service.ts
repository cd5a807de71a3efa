import { Injectable } from '@nestjs/common';
import { type Activity, addTo, noActivity } from '../observability/activity';
import { Metrics } from '../observability/metrics';
import { SingleFlight } from '../background/single-flight';
import { beginOf, STEPS } from './steps';
import { type ActivityStep, StatsStore } from './stats.store';

/** How long activity is kept. */
const RETENTION_MS = 30 * 86_400_000;

/** Writes down what this process has counted. */
@Injectable()
export class ActivityService {
  private readonly writing = new SingleFlight(() => this.write());

  constructor(
    private readonly store: StatsStore,
    private readonly metrics: Metrics,
  ) {}

  /** Afterwards everything that was counted here before is in the database. One statement, and none when there is nothing. */
  flush(): Promise<void> {
    return this.writing.run();
  }

  private async write(): Promise<void> {
    const taken = this.metrics.activity.take();
    if (taken.size === 0) return;
    try {
      await this.store.add(inSteps(taken), Date.now() - RETENTION_MS);
    } catch (error) {
      this.metrics.activity.putBack(taken);
      throw error;
    }
  }
}

/** Minutes as steps of every length. */
function inSteps(minutes: ReadonlyMap<number, Activity>): ActivityStep[] {
  return Object.values(STEPS).flatMap(({ seconds: stepSeconds }) => {
    const steps = new Map<number, ActivityStep>();
    for (const [minute, activity] of minutes) {
      const at = beginOf(minute, stepSeconds);
      const step = steps.get(at) ?? { stepSeconds, at, activity: noActivity() };
      addTo(step.activity, activity);
      steps.set(at, step);
    }
    return [...steps.values()];
  });
}
