import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { AppendedEventsListener } from './queue/appended-events.listener';
import { AttemptReportService } from './attempt/attempt-report.service';
import { AttemptService } from './attempt/attempt.service';
import { NameResolver } from './egress/name-resolver';
import { ReceiverClient } from './egress/receiver.client';
import { CursorDeliveryJob } from './queue/cursor-delivery.job';
import { CursorDeliveryService } from './queue/cursor-delivery.service';
import { CursorMaintenanceStore } from './queue/cursor-maintenance.store';
import { DeliveryAttemptService } from './queue/delivery-attempt.service';
import { DeliveryCursorStore } from './queue/delivery-cursor.store';
import { DeliveryCursorEntity, DeliveryEntity, MissedEventEntity } from './queue/delivery.entity';
import { MissedEventStore } from './queue/missed-event.store';
import { SettlementStore } from './queue/settlement.store';
import { DeliveryFilterService } from './api/delivery-filter.service';
import { DeliveryListStore } from './api/delivery-list.store';
import { DeliveryRetryStore } from './api/delivery-retry.store';
import { DeliveryController } from './api/delivery.controller';
import { DeliveryService } from './api/delivery.service';
import { EndpointActionController } from './api/endpoint-action.controller';
import { EndpointHealthService } from './queue/endpoint-health.service';
import { EndpointHealthStore } from './queue/endpoint-health.store';
import { EndpointPace } from './queue/endpoint-pace';
import { EndpointSecretStore } from './endpoint/endpoint-secret.store';
import { EndpointTestService } from './api/endpoint-test.service';
import { EndpointCheckService } from './api/endpoint-check.service';
import { EndpointUrlService } from './api/endpoint-url.service';
import { EndpointUrlStore } from './api/endpoint-url.store';
import { EndpointWarningService } from './api/endpoint-warning.service';
import { DeliveryTargetStore } from './endpoint/delivery-target.store';
import { EndpointController } from './api/endpoint.controller';
import { EndpointEntity, EndpointSecretEntity } from './endpoint/endpoint.entity';
import { EndpointService } from './api/endpoint.service';
import { ReplayService } from './api/replay.service';
import { ReplayStore } from './api/replay.store';
import { OperationalEventStore } from './queue/operational-event.store';
import { ParkedDeliveryService } from './queue/parked-delivery.service';
import { ParkedDeliveryJob } from './queue/parked-delivery.job';
import { ParkedDeliveryStore } from './queue/parked-delivery.store';

/**
 * Owns endpoints and where each of them stands in the log: sign, send, retry, give up visibly. Nobody calls it: it hears
 * of appends from the log, and of endpoints from its own API.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      EndpointEntity,
      EndpointSecretEntity,
      DeliveryCursorEntity,
      DeliveryEntity,
      MissedEventEntity,
    ]),
    EventModule,
    MailboxModule,
  ],
  controllers: [EndpointController, EndpointActionController, DeliveryController],
  providers: [
    AppendedEventsListener,
    AttemptReportService,
    AttemptService,
    CursorDeliveryService,
    CursorMaintenanceStore,
    DeliveryAttemptService,
    DeliveryCursorStore,
    DeliveryFilterService,
    DeliveryListStore,
    DeliveryRetryStore,
    DeliveryService,
    DeliveryTargetStore,
    EndpointCheckService,
    EndpointHealthService,
    EndpointHealthStore,
    EndpointPace,
    CursorDeliveryJob,
    EndpointSecretStore,
    EndpointService,
    EndpointTestService,
    EndpointUrlService,
    EndpointUrlStore,
    EndpointWarningService,
    MissedEventStore,
    NameResolver,
    OperationalEventStore,
    ReceiverClient,
    ReplayService,
    ReplayStore,
    ParkedDeliveryService,
    ParkedDeliveryJob,
    ParkedDeliveryStore,
    SettlementStore,
  ],
})
export class DeliveryModule {}
