import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { AttemptService } from './attempt/attempt.service';
import { CursorDeliveryService } from './cursor/cursor-delivery.service';
import { CursorUpkeepJob } from './cursor/cursor-upkeep.job';
import { CursorUpkeepStore } from './cursor/cursor-upkeep.store';
import { DeliveryCursorStore } from './cursor/delivery-cursor.store';
import { DeliveryCursorEntity, DeliveryEntity } from './delivery.entity';
import { CursorDeliveryJob } from './cursor/cursor-delivery.job';
import { EndpointController } from './endpoint/endpoint.controller';
import { EndpointEntity, EndpointSecretEntity } from './endpoint/endpoint.entity';
import { EndpointSecretStore } from './endpoint/endpoint-secret.store';
import { EndpointUrlService } from './endpoint/endpoint-url.service';
import { EndpointService } from './endpoint/endpoint.service';
import { ReceiverClient } from './attempt/receiver.client';
import { SetAsideDeliveryService } from './set-aside/set-aside-delivery.service';
import { SetAsideJob } from './set-aside/set-aside.job';
import { SetAsideStore } from './set-aside/set-aside.store';
import { SettlementStore } from './cursor/settlement.store';

/**
 * Owns endpoints and where each of them stands in the log: sign, send, retry, give up visibly. Nobody calls it: it hears
 * of appends from the log, and of endpoints from its own API.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([EndpointEntity, EndpointSecretEntity, DeliveryCursorEntity, DeliveryEntity]),
    EventModule,
  ],
  controllers: [EndpointController],
  providers: [
    AttemptService,
    CursorDeliveryService,
    CursorUpkeepJob,
    CursorUpkeepStore,
    DeliveryCursorStore,
    CursorDeliveryJob,
    EndpointSecretStore,
    EndpointService,
    EndpointUrlService,
    ReceiverClient,
    SetAsideDeliveryService,
    SetAsideJob,
    SetAsideStore,
    SettlementStore,
  ],
})
export class DeliveryModule {}
