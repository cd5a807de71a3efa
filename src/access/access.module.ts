import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Gate } from './api-access.hook';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity';
import { IdempotencyService } from './idempotency/idempotency.service';
import { IdempotencyStore } from './idempotency/idempotency.store';
import { IdempotencySweepJob } from './idempotency/idempotency-sweep.job';
import { IdempotencySweepService } from './idempotency/idempotency-sweep.service';
import { Repetition } from './idempotency/idempotency.hook';
import { ApiKeyController } from './key/api-key.controller';
import { ApiKeyEntity } from './key/api-key.entity';
import { ApiKeyService } from './key/api-key.service';
import { ApiKeyStore } from './key/api-key.store';
import { KeyUse } from './key/api-key-usage.service';
import { KnownKeys } from './key/api-key-cache.service';
import { OpenStreams } from './key/stream-connections.service';
import { UnknownPathController } from './unknown-path.controller';

/**
 * Owns who may call the API, how often, and that it is done once: API keys, rate limits, idempotency keys. Stands
 * before every route of `/v1`; no module knows of it.
 */
@Module({
  imports: [TypeOrmModule.forFeature([ApiKeyEntity, IdempotencyKeyEntity])],
  controllers: [ApiKeyController, UnknownPathController],
  providers: [
    ApiKeyService,
    ApiKeyStore,
    Gate,
    IdempotencyService,
    IdempotencyStore,
    IdempotencySweepJob,
    IdempotencySweepService,
    KeyUse,
    KnownKeys,
    OpenStreams,
    Repetition,
  ],
})
export class AccessModule {}
