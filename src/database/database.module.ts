import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseSettings } from '../config/settings';
import { ChannelListener } from './channel-listener.service';
import { DatabaseClock } from './database-clock.service';
import { serviceOptions } from './data-source-options';
import { InstallationService } from './installation.service';
import { LeaseService } from './lease.service';
import { LeaseStore } from './lease.store';

/** Owns the connection to PostgreSQL, the messages between replicas, and the leases. Everyone may use it. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings],
      useFactory: ({ url, poolSize }: DatabaseSettings) => ({
        ...serviceOptions(url),
        poolSize,
        autoLoadEntities: true,
        retryAttempts: 60,
        retryDelay: 1_000,
      }),
    }),
  ],
  providers: [ChannelListener, DatabaseClock, InstallationService, LeaseService, LeaseStore],
  exports: [ChannelListener, DatabaseClock, InstallationService, LeaseService],
})
export class DatabaseModule {}
