import { Injectable } from '@nestjs/common';
import { AwaitAppendsStore } from './await-appends.store';
import type { Step, StepName } from './endpoint-task';
import { OutdatedStore } from './outdated.store';
import { RecoveryStore } from './recovery.store';
import { RemovalStore } from './removal.store';
import { RewindStore } from './rewind.store';

/** Steps after whose batches nothing more is due than before. */
const TIDYING: readonly StepName[] = ['drop-cursors', 'remove-cursors', 'remove-deliveries', 'remove-missed'];

/** Every step by its name. */
@Injectable()
export class TaskSteps {
  readonly byName: Record<StepName, Step>;

  constructor(
    appends: AwaitAppendsStore,
    outdated: OutdatedStore,
    recovery: RecoveryStore,
    rewind: RewindStore,
    removal: RemovalStore,
  ) {
    this.byName = {
      'await-appends': (on, task) => appends.awaitAppends(on, task),
      'drop-deliveries': (on, task) => outdated.dropDeliveries(on, task),
      'drop-cursors': (on, task) => outdated.dropCursors(on, task),
      'retry-under-way': (on, task) => recovery.retryUnderWay(on, task),
      'retry-pending': (on, task) => recovery.retryPending(on, task),
      'retry-dead': (on, task) => recovery.retryDead(on, task),
      'replay-operational': (on, task) => rewind.replayOperational(on, task),
      rewind: (on, task) => rewind.rewind(on, task),
      'remove-cursors': (on, task) => removal.removeCursors(on, task),
      'remove-deliveries': (on, task) => removal.removeDeliveries(on, task),
      'remove-missed': (on, task) => removal.removeMissed(on, task),
    };
  }

  /** Whether deliveries may be due after a batch of it that were not due before. */
  makesDue(step: StepName): boolean {
    return !TIDYING.includes(step);
  }
}
