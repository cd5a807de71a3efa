import { Injectable } from '@nestjs/common';
import { type Finding, ok, skipped } from '../../diagnosis/check';
import { PullHealthService } from '../../pubsub/pull/pull-health.service';
import type { ReadinessCheck } from '../readiness-check';

@Injectable()
export class PubsubReadiness implements ReadinessCheck {
  readonly name = 'pubsub';
  readonly question = 'Is the subscription being read?';
  readonly failure = 'degraded';
  readonly needsDatabase = false;

  constructor(private readonly pull: PullHealthService) {}

  async run(): Promise<Finding> {
    const fault = await this.pull.fault();
    if (fault === undefined) return skipped('Nothing is pulled.', 'Set PUBSUB_DELIVERY=pull to pull.');
    // It names the remedy too, where there is one.
    return fault === null ? ok('It is.') : { status: 'warning', detail: fault, remedy: null };
  }
}
