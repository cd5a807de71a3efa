import { Global, Module } from '@nestjs/common';
import { EncryptedTables } from './encrypted-tables';
import { ReencryptionJob } from './reencryption.job';
import { ReencryptionService } from './reencryption.service';
import { ReencryptionStore } from './reencryption.store';

/**
 * Owns the list of the tables that hold ciphertexts, and moves those under older keys to the first one. Each module
 * names its tables to it; the health check asks it for keys that are still missing.
 */
@Global()
@Module({
  providers: [EncryptedTables, ReencryptionJob, ReencryptionService, ReencryptionStore],
  exports: [EncryptedTables, ReencryptionService],
})
export class EncryptionModule {}
