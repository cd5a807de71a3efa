import { Global, Module } from '@nestjs/common';
import { EncryptedTables } from './encrypted-tables';
import { KnownKeys } from './known-keys.service';
import { ReencryptionJob } from './reencryption.job';
import { ReencryptionService } from './reencryption.service';
import { ReencryptionStore } from './reencryption.store';

/**
 * Owns the list of the tables that hold ciphertexts, and moves those under older keys to the first one. Each module
 * names its tables to it; the health check asks it for keys that are still missing. A key that is another one of the same id
 * ends the start.
 */
@Global()
@Module({
  providers: [EncryptedTables, KnownKeys, ReencryptionJob, ReencryptionService, ReencryptionStore],
  exports: [EncryptedTables, ReencryptionService],
})
export class EncryptionModule {}
