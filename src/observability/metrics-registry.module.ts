import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics';

/** Owns the registry of this application's metrics. Everyone counts there; `src/metrics` shows it. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsRegistryModule {}
