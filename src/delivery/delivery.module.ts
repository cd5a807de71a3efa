import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { AttemptService } from './attempt.service';
import { CursorDeliveryService } from './cursor-delivery.service';
import { CursorUpkeepJob } from './cursor-upkeep.job';
import { CursorUpkeepStore } from './cursor-upkeep.store';
import { DeliveryCursorStore } from './delivery-cursor.store';
import { DeliveryCursorEntity, DeliveryEntity } from './delivery.entity';
import { DeliveryJob } from './delivery.job';
import { EndpointController } from './endpoint.controller';
import { EndpointEntity, EndpointSecretEntity } from './endpoint.entity';
import { EndpointSecretStore } from './endpoint-secret.store';
import { EndpointUrlService } from './endpoint-url.service';
import { EndpointService } from './endpoint.service';
import { MissedEventEntity } from './missed-event.entity';
import { MissedEventStore } from './missed-event.store';
import { ReceiverClient } from './receiver.client';
import { SetAsideDeliveryService } from './set-aside-delivery.service';
import { SetAsideJob } from './set-aside.job';
import { SetAsideStore } from './set-aside.store';
import { SettlementStore } from './settlement.store';

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
  controllers: [EndpointController],
  providers: [
    AttemptService,
    CursorDeliveryService,
    CursorUpkeepJob,
    CursorUpkeepStore,
    DeliveryCursorStore,
    DeliveryJob,
    EndpointSecretStore,
    EndpointService,
    EndpointUrlService,
    MissedEventStore,
    ReceiverClient,
    SetAsideDeliveryService,
    SetAsideJob,
    SetAsideStore,
    SettlementStore,
  ],
})
export class DeliveryModule {}
