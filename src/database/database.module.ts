import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Draining } from '../background/draining.service';
import { WorkLoops } from '../background/background-jobs';
import { DatabaseSettings } from '../config/settings';
import { ChannelListener } from './channel-listener.service';
import { dataSourceOptions } from './data-source-options';
import { EncryptedTables } from '../encryption/encrypted-tables';
import { LeaseService } from './lease.service';
import { ReencryptionJob } from '../encryption/reencryption.job';
import { ReencryptionService } from '../encryption/reencryption.service';
import { ReencryptionStore } from '../encryption/reencryption.store';

/**
 * Owns the connection to PostgreSQL, the messages between replicas, the leases, the list of running loops and their end, and the
 * moving of ciphertexts to the first key. Everyone may use it.
 */
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
  providers: [
    ChannelListener,
    Draining,
    EncryptedTables,
    LeaseService,
    ReencryptionJob,
    ReencryptionService,
    ReencryptionStore,
    WorkLoops,
  ],
  exports: [ChannelListener, Draining, EncryptedTables, LeaseService, ReencryptionService, WorkLoops],
})
export class DatabaseModule {}
