import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BackgroundJobs } from '../../background/background-jobs';
import { describeError } from '../../common/describe-error';
import { withTimeout } from '../../common/with-timeout';
import { ChannelListener } from '../../database/channel-listener.service';
import type { SqlExecutor } from '../../database/sql';
import type { Batch, NewEndpointTask } from './endpoint-task';
import { EndpointTaskStore } from './endpoint-task.store';
import { EndpointTurns } from './endpoint-turns';
import { TaskSteps } from './task-steps';

/** How long a request works on its own task at most, whatever the database is doing. */
const MAX_REQUEST_WAIT_MS = 250;

/** Leaves a task, in the transaction that makes it necessary. */
export type LeaveTask = (task: NewEndpointTask) => Promise<void>;

/** Works off what requests leave to be done for all mailboxes of an endpoint. */
@Injectable()
export class EndpointTaskService {
  private readonly logger = new Logger(EndpointTaskService.name);
  private readonly turns = new EndpointTurns();

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: EndpointTaskStore,
    private readonly steps: TaskSteps,
    private readonly channels: ChannelListener,
    private readonly jobs: BackgroundJobs,
  ) {}

  /**
   * Runs the work of a request in a transaction, and then begins the tasks that it leaves. They are done when this resolves if
   * they are small, and else a moment later.
   *
   * @throws OverloadedError when too many changes of the endpoint wait for their turn
   */
  async transaction<T>(
    endpointId: string,
    work: (manager: EntityManager, leave: LeaveTask) => Promise<T>,
  ): Promise<T> {
    return this.turns.run(endpointId, async () => {
      const ids: string[] = [];
      const result = await this.dataSource.transaction((manager) =>
        work(manager, async (task) => void ids.push(await this.store.add(manager, task))),
      );
      for (const id of ids) await this.begin(id);
      return result;
    });
  }

  /** The endpoint is deleted: nothing is left to be done for it. */
  async forget(on: SqlExecutor, endpointId: string): Promise<void> {
    await this.store.deleteAll(on, endpointId);
  }

  /** Works on all tasks that are due, in turn, and leaves half of the time to others. */
  async workOff(signal: AbortSignal): Promise<void> {
    for (let began = performance.now(); !signal.aborted && (await this.batch()); began = performance.now())
      await delay(performance.now() - began);
  }

  private async begin(id: string): Promise<void> {
    const late = () => new Error('the rest is done in the background');
    // What fails is reported by the job, which comes to it next.
    await withTimeout(this.share(id), MAX_REQUEST_WAIT_MS, late).catch(() => undefined);
    this.jobs.wake('endpoint-tasks');
  }

  /** As long as each step takes one batch: a small fleet is done then, and a large one has begun. */
  private async share(id: string): Promise<void> {
    let batch: Batch | undefined;
    do batch = await this.batch(id);
    while (batch?.isStepDone);
  }

  /** @returns undefined when there was none to work on */
  private async batch(id?: string): Promise<Batch | undefined> {
    const batch = await this.store.batch(this.steps.byName, id);
    if (!batch) return undefined;
    const { step, error } = batch;
    if (error)
      this.logger.warn({ step, error: describeError(error) }, 'a batch has failed and is tried again');
    else if (this.steps.makesDue(step)) {
      this.channels.notify('inboxwire_deliveries');
      this.jobs.wake('parked-delivery');
    }
    return batch;
  }
}
