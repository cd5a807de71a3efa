import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module';
import { AuthModule } from './auth/auth.module';
import { BackgroundModule } from './background/background.module';
import { ConfigModule } from './config/config.module';
import { MetricsRegistryModule } from './observability/metrics-registry.module';
import { ConnectionModule } from './connection/connection.module';
import type { Settings } from './config/settings';
import { ConsoleModule } from './console/console.module';
import { DatabaseModule } from './database/database.module';
import { DeliveryModule } from './delivery/delivery.module';
import { ErasureModule } from './erasure/erasure.module';
import { EncryptionModule } from './encryption/encryption.module';
import { EventModule } from './event/event.module';
import { HealthModule } from './health/health.module';
import { MailModule } from './mail/mail.module';
import { McpModule } from './mcp/mcp.module';
import { MailboxModule } from './mailbox/mailbox.module';
import { MetricsModule } from './metrics/metrics.module';
import { PullModule } from './pubsub/pull/pull.module';
import { StatsModule } from './stats/stats.module';
import { SyncModule } from './sync/sync.module';
import { WatchModule } from './watch/watch.module';
import { WebhookModule } from './webhook/webhook.module';

/** The table of contents. */
@Module({})
export class AppModule {
  static of(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(settings),
        MetricsRegistryModule,
        BackgroundModule,
        DatabaseModule,
        EncryptionModule,
        ErasureModule,
        AccessModule,
        MailboxModule,
        AuthModule,
        EventModule,
        SyncModule,
        WatchModule,
        // Nothing is pushed to an installation that pulls.
        ...(settings.pubsub.delivery === 'push' ? [WebhookModule] : []),
        PullModule,
        ConnectionModule,
        DeliveryModule,
        MailModule,
        StatsModule,
        McpModule,
        ConsoleModule,
        HealthModule,
        MetricsModule,
      ],
    };
  }
}
