import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import { CursorDeliveryService } from './cursor-delivery.service';
import { DeliveryCursorStore } from './delivery-cursor.store';
import { EndpointPace } from './endpoint-pace';
import { DeliveryLoop } from './delivery-loop';

/** Works on delivery cursors that are due: woken by appends, on this replica and the others, and by the clock. */
@Injectable()
export class CursorDeliveryJob {
  constructor(
    store: DeliveryCursorStore,
    delivery: CursorDeliveryService,
    pace: EndpointPace,
    channels: ChannelListener,
    jobs: BackgroundJobs,
  ) {
    const loop = new DeliveryLoop('delivery', pace, {
      places: { total: 200, perEndpoint: 50 },
      claim: (shares) => store.claim(shares),
      renew: (cursors) => store.renew(cursors),
      deliver: (cursor, signals) => delivery.deliver(cursor, signals),
    });
    jobs.add('delivery', loop);
    channels.on('inboxwire_events', () => loop.wake());
  }
}
