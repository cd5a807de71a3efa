import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Draining } from '../common/draining.service';
import { WorkLoops } from '../common/work-loops';
import { DatabaseSettings } from '../config/settings';
import { ChannelListener } from './channel-listener.service';
import { dataSourceOptions } from './data-source-options';
import { LeaseService } from './lease.service';

/** Owns the connection to PostgreSQL, the messages between replicas, the leases, the list of running loops and the end of them. Everyone may use it. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings],
      useFactory: ({ url }: DatabaseSettings) => ({
        ...dataSourceOptions(url),
        autoLoadEntities: true,
        retryAttempts: 60,
        retryDelay: 1_000,
      }),
    }),
  ],
  providers: [ChannelListener, Draining, LeaseService, WorkLoops],
  exports: [ChannelListener, Draining, LeaseService, WorkLoops],
})
export class DatabaseModule {}
