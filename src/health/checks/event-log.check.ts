import { Injectable } from '@nestjs/common';
import { type Finding, ok } from '../../diagnosis/check';
import { explainLag, LogLagService, MAX_LAG_SECONDS } from '../../event/log/log-lag.service';
import type { ReadinessCheck } from '../readiness-check';

@Injectable()
export class EventLogReadiness implements ReadinessCheck {
  readonly name = 'eventLog';
  readonly question = 'Are events shown once they are committed?';
  readonly failure = 'degraded';
  readonly needsDatabase = true;

  constructor(private readonly lag: LogLagService) {}

  async run(): Promise<Finding> {
    const lag = await this.lag.read();
    if (lag.seconds < MAX_LAG_SECONDS) return ok('They are shown.');
    // It names the remedy too, where there is one.
    return { status: 'warning', detail: explainLag(lag), remedy: null };
  }
}
