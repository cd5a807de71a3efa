import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { DeliveryLoop } from './delivery-loop';
import { ParkedDeliveryService } from './parked-delivery.service';
import { ParkedDeliveryStore } from './parked-delivery.store';

/** Tries parked deliveries again. They become due by the clock alone, so nothing else wakes it. */
@Injectable()
export class ParkedDeliveryJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop;

  constructor(store: ParkedDeliveryStore, delivery: ParkedDeliveryService, loops: BackgroundJobs) {
    this.loop = new DeliveryLoop({
      name: 'parked deliveries',
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
