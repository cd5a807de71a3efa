import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { AttemptReportService } from './attempt/attempt-report.service';
import { AttemptService } from './attempt/attempt.service';
import { ReceiverClient } from './attempt/receiver.client';
import { CursorDeliveryJob } from './cursor/cursor-delivery.job';
import { CursorDeliveryService } from './cursor/cursor-delivery.service';
import { CursorUpkeepJob } from './cursor/cursor-upkeep.job';
import { CursorUpkeepStore } from './cursor/cursor-upkeep.store';
import { DeliveryCursorStore } from './cursor/delivery-cursor.store';
import { MissedEventEntity } from './cursor/missed-event.entity';
import { MissedEventStore } from './cursor/missed-event.store';
import { SettlementStore } from './cursor/settlement.store';
import { DeliveryListStore } from './delivery-list.store';
import { DeliveryRetryStore } from './delivery-retry.store';
import { DeliveryController } from './delivery.controller';
import { DeliveryCursorEntity, DeliveryEntity } from './delivery.entity';
import { DeliveryService } from './delivery.service';
import { EndpointActionController } from './endpoint-action.controller';
import { EndpointHealthService } from './endpoint/endpoint-health.service';
import { EndpointHealthStore } from './endpoint/endpoint-health.store';
import { EndpointSecretStore } from './endpoint/endpoint-secret.store';
import { EndpointTestService } from './endpoint/endpoint-test.service';
import { EndpointUrlService } from './endpoint/endpoint-url.service';
import { EndpointController } from './endpoint/endpoint.controller';
import { EndpointEntity, EndpointSecretEntity } from './endpoint/endpoint.entity';
import { EndpointService } from './endpoint/endpoint.service';
import { ReplayService } from './replay/replay.service';
import { ReplayStore } from './replay/replay.store';
import { NoticeStore } from './set-aside/notice.store';
import { SetAsideDeliveryService } from './set-aside/set-aside-delivery.service';
import { SetAsideJob } from './set-aside/set-aside.job';
import { SetAsideStore } from './set-aside/set-aside.store';

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
  ],
  controllers: [EndpointController, EndpointActionController, DeliveryController],
  providers: [
    AttemptReportService,
    AttemptService,
    CursorDeliveryService,
    CursorUpkeepJob,
    CursorUpkeepStore,
    DeliveryCursorStore,
    DeliveryListStore,
    DeliveryRetryStore,
    DeliveryService,
    EndpointHealthService,
    EndpointHealthStore,
    CursorDeliveryJob,
    EndpointSecretStore,
    EndpointService,
    EndpointTestService,
    EndpointUrlService,
    MissedEventStore,
    NoticeStore,
    ReceiverClient,
    ReplayService,
    ReplayStore,
    SetAsideDeliveryService,
    SetAsideJob,
    SetAsideStore,
    SettlementStore,
  ],
})
export class DeliveryModule {}
