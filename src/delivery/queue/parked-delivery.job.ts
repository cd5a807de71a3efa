import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { DeliveryLoop } from './delivery-loop';
import { ParkedDeliveryService } from './parked-delivery.service';
import { ParkedDeliveryStore } from './parked-delivery.store';

/** Tries parked deliveries again. They become due by the clock alone, so nothing else wakes it. */
@Injectable()
export class ParkedDeliveryJob {
  constructor(store: ParkedDeliveryStore, delivery: ParkedDeliveryService, jobs: BackgroundJobs) {
    const loop = new DeliveryLoop('parked-delivery', {
      concurrency: 50,
      perEndpoint: 10,
      claim: (limit, perEndpoint, busy) => store.claim(limit, perEndpoint, busy),
      renew: (deliveries) => store.renew(deliveries),
      deliver: (claimed, signals) => delivery.deliver(claimed, signals),
    });
    jobs.add('parked-delivery', loop);
  }
}
