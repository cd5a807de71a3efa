import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import { EventLogService } from '../../event/log/event-log.service';
import { AppendTaker } from './append-taker';
import { CursorDeliveryService } from './cursor-delivery.service';
import type { ClaimedCursor } from './delivery-cursor.store';
import { EndpointPace } from '../capacity/endpoint-pace';
import { DeliveryLoop } from './delivery-loop';

/**
 * Works on delivery cursors that are due: those that an append has handed over, and others woken by appends, on this replica
 * and elsewhere, and by the clock.
 */
@Injectable()
export class CursorDeliveryJob {
  constructor(
    delivery: CursorDeliveryService,
    pace: EndpointPace,
    channels: ChannelListener,
    jobs: BackgroundJobs,
    log: EventLogService,
  ) {
    const loop = new DeliveryLoop<ClaimedCursor>('delivery', pace, {
      places: { total: 200, perEndpoint: 50 },
      claim: async (shares) => {
        const claimed = await delivery.claim(shares);
        taker.remember(claimed);
        return claimed;
      },
      renew: (cursors) => delivery.renew(cursors),
      deliver: (cursor, signals) => delivery.deliver(cursor, signals),
    });
    const taker = new AppendTaker(loop);
    log.handOverTo(taker);
    jobs.add('delivery', loop);
    channels.on('inboxwire_deliveries', () => loop.wake());
  }
}
