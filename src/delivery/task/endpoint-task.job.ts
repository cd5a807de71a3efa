import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EndpointTaskService } from './endpoint-task.service';

/** For tasks that wait for something, and those that a dead replica has left. */
const POLL_INTERVAL_MS = 1_000;

/** Works off the tasks of endpoints: woken by the requests that leave them, and by the clock. */
@Injectable()
export class EndpointTaskJob {
  constructor(tasks: EndpointTaskService, jobs: BackgroundJobs) {
    jobs.addPeriodicRun('endpoint-tasks', {
      interval: POLL_INTERVAL_MS,
      run: (signal) => tasks.workOff(signal),
      complaint: 'cannot work on tasks of endpoints',
    });
  }
}
