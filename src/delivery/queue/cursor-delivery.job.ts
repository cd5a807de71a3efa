import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import { CursorDeliveryService } from './cursor-delivery.service';
import { CursorMaintenanceStore } from './cursor-maintenance.store';
import { DeliveryCursorStore } from './delivery-cursor.store';
import { EndpointPace } from './endpoint-pace';
import { DeliveryLoop } from './delivery-loop';

/** Often enough that nobody misses what a race has held back. */
const MAINTENANCE_INTERVAL_MS = 5_000;

/**
 * Works on delivery cursors that are due: woken by appends, on this replica and the others, and by the clock. Beside it,
 * what appends that raced with a change of an endpoint have left behind is found from time to time.
 */
// Six dependencies: it brings the two jobs of cursors together with what wakes them.
@Injectable()
export class CursorDeliveryJob {
  constructor(
    store: DeliveryCursorStore,
    delivery: CursorDeliveryService,
    maintenance: CursorMaintenanceStore,
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
    jobs.addPeriodicRun('cursor-maintenance', {
      interval: MAINTENANCE_INTERVAL_MS,
      run: () => maintenance.sweep(),
      complaint: 'cannot sweep delivery cursors',
    });
    channels.on('inboxwire_events', () => loop.wake());
  }
}
