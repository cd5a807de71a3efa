import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isConnectionError } from '../common/connection-error';
import { Keyring } from '../common/keyring';
import { DatabaseUnusableError } from '../database/database-unusable.error';
import { type Ciphertext, ciphertextsUnder } from './ciphertext-sample.store';
import { EncryptedTables } from './encrypted-tables';

/** A row that was damaged is one; a key that is another opens none. */
const SAMPLES = 3;

/**
 * Keeps a replica from starting with a key that has the id of another one: it could read nothing, and what it encrypted
 * nobody else could read.
 */
@Injectable()
export class KnownKeys implements OnModuleInit {
  constructor(
    private readonly tables: EncryptedTables,
    private readonly dataSource: DataSource,
    private readonly keyring: Keyring,
  ) {}

  /** @throws DatabaseUnusableError when there are secrets under the id of a key, and it opens none of them */
  async onModuleInit(): Promise<void> {
    for (const keyId of this.keyring.keyIds) {
      const samples = await this.samplesUnder(keyId);
      if (samples.length > 0 && !samples.some((sample) => this.opens(sample)))
        throw new DatabaseUnusableError(
          `Key "${keyId}" of ENCRYPTION_KEYS opens nothing of what this database has under key "${keyId}": it is another key with the same id. ` +
            'Put the right one in its place. If that one is gone for good, give this one an id that the database does not know, such as "new".',
        );
    }
  }

  /** None when the database is away for the moment: others look after that. */
  private async samplesUnder(keyId: string): Promise<Ciphertext[]> {
    const columns = this.tables
      .all()
      .flatMap((table) => table.columns.map((column) => ({ ...table, column })));
    try {
      const samples = await Promise.all(
        columns.map(({ column, ...table }) =>
          ciphertextsUnder(this.dataSource, table, column, keyId, SAMPLES),
        ),
      );
      return samples.flat();
    } catch (error) {
      if (isConnectionError(error)) return [];
      throw error;
    }
  }

  private opens({ text, owner }: Ciphertext): boolean {
    try {
      this.keyring.decrypt(text, owner);
      return true;
    } catch {
      return false;
    }
  }
}
