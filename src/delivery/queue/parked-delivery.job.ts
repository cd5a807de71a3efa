import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EndpointPace } from './endpoint-pace';
import { DeliveryLoop } from './delivery-loop';
import { ParkedDeliveryService } from './parked-delivery.service';
import { ParkedDeliveryStore } from './parked-delivery.store';

/** Tries parked deliveries again. They become due by the clock alone, so nothing else wakes it. */
@Injectable()
export class ParkedDeliveryJob {
  constructor(
    store: ParkedDeliveryStore,
    delivery: ParkedDeliveryService,
    pace: EndpointPace,
    jobs: BackgroundJobs,
  ) {
    const loop = new DeliveryLoop('parked-delivery', pace, {
      places: { total: 50, perEndpoint: 10 },
      claim: (shares) => store.claim(shares),
      renew: (deliveries) => store.renew(deliveries),
      deliver: (claimed, signals) => delivery.deliver(claimed, signals),
    });
    jobs.add('parked-delivery', loop);
  }
}
