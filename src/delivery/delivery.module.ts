import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { PubsubModule } from '../pubsub/pubsub.module';
import { LeftEventsListener } from './queue/left-events.listener';
import { AttemptReportService } from './attempt/attempt-report.service';
import { AttemptService } from './attempt/attempt.service';
import { NameResolver } from './egress/name-resolver';
import { ReceiverClient } from './egress/receiver.client';
import { TopicClient } from './egress/topic.client';
import { CursorBacklogStore } from './queue/cursor-backlog.store';
import { CursorDeliveryJob } from './queue/cursor-delivery.job';
import { CursorDeliveryService } from './queue/cursor-delivery.service';
import { CursorMaintenanceStore } from './queue/cursor-maintenance.store';
import { DeliveryErasureService } from './queue/delivery-erasure.service';
import { DeliveryErasureStore } from './queue/delivery-erasure.store';
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
import { EndpointPace } from './capacity/endpoint-pace';
import { EndpointHeadersStore } from './endpoint/endpoint-headers.store';
import { EndpointSecretStore } from './endpoint/endpoint-secret.store';
import { EndpointTestService } from './api/endpoint-test.service';
import { EndpointCheckService } from './api/endpoint-check.service';
import { EndpointUrlService } from './api/endpoint-url.service';
import { EndpointUrlStore } from './api/endpoint-url.store';
import { EndpointWarningService } from './api/endpoint-warning.service';
import { DeliveryTargetStore } from './endpoint/delivery-target.store';
import { EndpointController } from './api/endpoint.controller';
import { EndpointEntity, EndpointPermitsEntity, EndpointSecretEntity } from './endpoint/endpoint.entity';
import { EndpointChangeService } from './api/endpoint-change.service';
import { EndpointService } from './api/endpoint.service';
import { ReplayService } from './api/replay.service';
import { RecoveryService } from './api/recovery.service';
import { SinceService } from './api/since.service';
import { AwaitAppendsStore } from './task/await-appends.store';
import { EndpointTaskEntity } from './task/endpoint-task.entity';
import { EndpointTaskJob } from './task/endpoint-task.job';
import { EndpointTaskService } from './task/endpoint-task.service';
import { EndpointTaskStore } from './task/endpoint-task.store';
import { OutdatedStore } from './task/outdated.store';
import { RecoveryStore } from './task/recovery.store';
import { RemovalStore } from './task/removal.store';
import { RewindStore } from './task/rewind.store';
import { SubscriptionStore } from './task/subscription.store';
import { TaskSteps } from './task/task-steps';
import { OperationalEventStore } from './queue/operational-event.store';
import { ParkedDeliveryService } from './queue/parked-delivery.service';
import { ParkedDeliveryJob } from './queue/parked-delivery.job';
import { PermitStore } from './capacity/permit.store';
import { ParkedDeliveryStore } from './queue/parked-delivery.store';

/**
 * Owns endpoints and where each of them stands in the log: sign, send, retry, give up visibly. Nobody calls it: it learns
 * of appends from the log, and of endpoints from its own API.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      EndpointEntity,
      EndpointPermitsEntity,
      EndpointSecretEntity,
      EndpointTaskEntity,
      DeliveryCursorEntity,
      DeliveryEntity,
      MissedEventEntity,
    ]),
    EventModule,
    MailboxModule,
    PubsubModule,
  ],
  controllers: [EndpointController, EndpointActionController, DeliveryController],
  providers: [
    LeftEventsListener,
    AttemptReportService,
    AttemptService,
    AwaitAppendsStore,
    CursorDeliveryService,
    CursorMaintenanceStore,
    DeliveryAttemptService,
    DeliveryCursorStore,
    DeliveryErasureService,
    DeliveryErasureStore,
    DeliveryFilterService,
    DeliveryListStore,
    DeliveryRetryStore,
    DeliveryService,
    DeliveryTargetStore,
    EndpointCheckService,
    EndpointHealthService,
    EndpointHealthStore,
    EndpointPace,
    CursorBacklogStore,
    CursorDeliveryJob,
    EndpointHeadersStore,
    EndpointSecretStore,
    EndpointChangeService,
    EndpointService,
    EndpointTaskJob,
    EndpointTaskService,
    EndpointTaskStore,
    EndpointTestService,
    EndpointUrlService,
    EndpointUrlStore,
    EndpointWarningService,
    MissedEventStore,
    NameResolver,
    OperationalEventStore,
    OutdatedStore,
    RecoveryService,
    SinceService,
    RecoveryStore,
    RemovalStore,
    RewindStore,
    ReceiverClient,
    ReplayService,
    ParkedDeliveryService,
    ParkedDeliveryJob,
    ParkedDeliveryStore,
    PermitStore,
    SettlementStore,
    SubscriptionStore,
    TaskSteps,
    TopicClient,
  ],
})
export class DeliveryModule {}
