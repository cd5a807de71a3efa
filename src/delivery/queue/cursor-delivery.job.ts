import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import { EventLogService } from '../../event/log/event-log.service';
import { CursorDeliveryService } from './cursor-delivery.service';
import { CursorMaintenanceStore } from './cursor-maintenance.store';
import { DeliveryCursorStore } from './delivery-cursor.store';
import { MissedEventStore } from './missed-event.store';
import { DeliveryLoop } from './delivery-loop';

/** Works on delivery cursors that are due: woken by appends, on this replica and the others, and by the clock. */
@Injectable()
export class CursorDeliveryJob implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop;

  constructor(
    private readonly log: EventLogService,
    private readonly maintenance: CursorMaintenanceStore,
    private readonly missed: MissedEventStore,
    private readonly channels: ChannelListener,
    store: DeliveryCursorStore,
    delivery: CursorDeliveryService,
    loops: BackgroundJobs,
  ) {
    this.loop = new DeliveryLoop({
      name: 'delivery',
      concurrency: 200,
      perEndpoint: 50,
      claim: (limit, perEndpoint, busy) => store.claim(limit, perEndpoint, busy),
      renew: (cursors) => store.renew(cursors),
      deliver: (cursor, signals) => delivery.deliver(cursor, signals),
    });
    loops.add(this.loop);
  }

  onModuleInit(): void {
    this.log.listen({
      appended: (on, appended) => this.maintenance.appended(on, appended),
      left: (on, events) => this.missed.left(on, events),
      committed: () => this.loop.wake(),
    });
    this.channels.on('inboxwire_events', () => this.loop.wake());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
