import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiAccessHook } from './api-access.hook';
import { AuditHook } from './audit.hook';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity';
import { IdempotencyService } from './idempotency/idempotency.service';
import { IdempotencyStore } from './idempotency/idempotency.store';
import { IdempotencyRenewalJob } from './idempotency/idempotency-renewal.job';
import { IdempotencySweepJob } from './idempotency/idempotency-sweep.job';
import { IdempotencySweepService } from './idempotency/idempotency-sweep.service';
import { IdempotencyErasureService } from './idempotency/idempotency-erasure.service';
import { IdempotencyErasureStore } from './idempotency/idempotency-erasure.store';
import { IdempotencyHook } from './idempotency/idempotency.hook';
import { ApiKeyController } from './key/api-key.controller';
import { ApiKeyEntity } from './key/api-key.entity';
import { ApiKeyService } from './key/api-key.service';
import { ApiKeyStore } from './key/api-key.store';
import { ApiKeyUsage } from './key/api-key-usage.service';
import { ApiKeyCache } from './key/api-key-cache.service';
import { StreamConnections } from './key/stream-connections.service';
import { ReadAdmissionHook } from './read-admission.hook';
import { UnknownPathController } from './unknown-path.controller';

/**
 * Owns who may call the API, how often, and that it is done once: API keys, rate limits, idempotency keys. Stands
 * before every route of `/v1`; no module knows of it but `mcp`, which is such an API too.
 */
@Module({
  imports: [TypeOrmModule.forFeature([ApiKeyEntity, IdempotencyKeyEntity])],
  controllers: [ApiKeyController, UnknownPathController],
  providers: [
    ApiKeyService,
    ApiKeyStore,
    ApiAccessHook,
    AuditHook,
    ReadAdmissionHook,
    IdempotencyService,
    IdempotencyStore,
    IdempotencyRenewalJob,
    IdempotencySweepJob,
    IdempotencySweepService,
    IdempotencyErasureService,
    IdempotencyErasureStore,
    ApiKeyUsage,
    ApiKeyCache,
    StreamConnections,
    IdempotencyHook,
  ],
  exports: [ApiAccessHook, ReadAdmissionHook],
})
export class AccessModule {}
