import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkLoops } from '../../background/background-jobs';
import { DeliveryLoop } from './delivery-loop';
import { SetAsideDeliveryService } from './set-aside-delivery.service';
import { SetAsideStore } from './set-aside.store';

/** Tries deliveries again that were set aside. They become due by the clock alone, so nothing else wakes it. */
@Injectable()
export class SetAsideJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop;

  constructor(store: SetAsideStore, delivery: SetAsideDeliveryService, loops: WorkLoops) {
    this.loop = new DeliveryLoop({
      name: 'set-aside deliveries',
      concurrency: 50,
      perEndpoint: 10,
      claim: (limit, perEndpoint, busy) => store.claim(limit, perEndpoint, busy),
      renew: (deliveries) => store.renew(deliveries),
      deliver: (claimed, signals) => delivery.deliver(claimed, signals),
    });
    loops.add(this.loop);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
