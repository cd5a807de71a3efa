import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EndpointPace } from '../capacity/endpoint-pace';
import { CursorDeliveryService } from './cursor-delivery.service';
import { DeliveryLoop } from './delivery-loop';
import { ParkedDeliveryService } from './parked-delivery.service';
import { ParkedDeliveryStore } from './parked-delivery.store';

/** Tries parked deliveries again. They become due by the clock alone. */
@Injectable()
export class ParkedDeliveryJob {
  constructor(
    store: ParkedDeliveryStore,
    delivery: ParkedDeliveryService,
    cursors: CursorDeliveryService,
    pace: EndpointPace,
    jobs: BackgroundJobs,
  ) {
    const loop = new DeliveryLoop('parked-delivery', pace, {
      places: { total: 50, perEndpoint: 10 },
      claim: (shares) => store.claim(shares),
      renew: (deliveries) => store.renew(deliveries),
      deliver: (claimed, signals) => delivery.deliver(claimed, signals),
    });
    cursors.onParked((wait) => loop.wakeIn(wait));
    jobs.add('parked-delivery', loop);
  }
}
