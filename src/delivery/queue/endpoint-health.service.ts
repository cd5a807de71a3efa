import { Injectable } from '@nestjs/common';
import type { AttemptResult } from '../attempt/attempt-verdict';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { EndpointHealthStore } from './endpoint-health.store';
import { writeWhenPossible } from './write-when-possible';
import { shouldDisable, isFailingForLong } from './failing-endpoint';

/** Records since when an endpoint fails, and disables one that is gone or has failed for too long. */
@Injectable()
export class EndpointHealthService {
  constructor(private readonly store: EndpointHealthStore) {}

  /**
   * What an attempt says of its endpoint. To be recorded before the attempt is settled: should the process die in between,
   * the attempt counts as failed and is made again, so that no success is missed. Costs nothing while all goes well, and
   * waits for no endpoint that another session holds: its attempts would take all connections to the database.
   */
  record(target: DeliveryTarget, verdict: AttemptResult['verdict']): Promise<void> {
    return writeWhenPossible(() => this.write(target, verdict));
  }

  private async write(target: DeliveryTarget, verdict: AttemptResult['verdict']): Promise<void> {
    switch (verdict) {
      case 'delivered':
        return this.succeeded(target);
      case 'gone':
        return this.store.disable(
          target,
          'gone',
          'gone: the receiver answered 410, and gets nothing more until the endpoint is enabled again',
        );
      case 'failed':
        return this.failed(target);
    }
  }

  private async succeeded(target: DeliveryTarget): Promise<void> {
    if (target.failingFor === null) return;
    if (await this.store.markWell(target.endpointId)) target.failingFor = null;
  }

  private async failed(target: DeliveryTarget): Promise<void> {
    const { endpointId, failingFor } = target;
    if (failingFor === null) {
      await this.store.markFailing(endpointId);
      target.failingFor = 0;
    } else if (isFailingForLong(failingFor)) {
      if (shouldDisable(failingFor, await this.store.deadWhileFailing(endpointId)))
        await this.store.disable(
          target,
          'failing',
          'failing: every attempt of the last days has failed. Enabled again, the endpoint goes on where it stopped',
        );
    }
  }
}
