import { Injectable } from '@nestjs/common';

/** Where a module keeps ciphertexts of the keyring. Names of tables and columns, and SQL, never come from outside. */
export interface EncryptedTable {
  /** What the secrets are called in messages to people, such as `grants`. */
  name: string;
  table: string;
  /** The primary key. */
  id: string;
  /** The column with the id that the ciphertexts are bound to. */
  owner: string;
  /** Each has an index of `split_part(column, ':', 1)`, the id of the key. */
  columns: string[];
  /** A condition in SQL: rows that are still of use. Left out: all are. */
  inUse?: string;
}

/** The tables with ciphertexts: each is named by the module that owns it, so that a change of keys reaches them all. */
@Injectable()
export class EncryptedTables {
  private readonly tables: EncryptedTable[] = [];

  /** Call before the application has started. */
  add(table: EncryptedTable): void {
    this.tables.push(table);
  }

  all(): readonly EncryptedTable[] {
    return this.tables;
  }
}
