import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { Draining } from '../../background/draining.service';
import { failed, type Finding, ok } from '../../diagnosis/check';
import type { ReadinessCheck } from '../readiness-check';

@Injectable()
export class JobsReadiness implements ReadinessCheck {
  readonly name = 'jobs';
  readonly question = 'Does this process look for work?';
  readonly failure = 'down';
  readonly needsDatabase = false;

  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly draining: Draining,
  ) {}

  async run(): Promise<Finding> {
    if (this.draining.active) return failed('The service is stopping.', 'Send requests to another replica.');
    const { stalled } = this.jobs;
    if (stalled.length === 0) return ok('Every job polls.');
    return failed(`No longer polling for work: ${stalled.join(', ')}.`, 'Restart this replica.');
  }
}
