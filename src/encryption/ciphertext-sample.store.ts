import { sql, type SqlExecutor } from '../database/sql';
import type { EncryptedTable } from './encrypted-tables';

export interface Ciphertext {
  owner: string;
  text: string;
}

/** One ciphertext of the column for each key that is in use there. */
export function sampleCiphertexts(
  on: SqlExecutor,
  { table, owner }: Pick<EncryptedTable, 'table' | 'owner'>,
  column: string,
): Promise<Ciphertext[]> {
  return sql<Ciphertext>(
    on,
    `SELECT DISTINCT ON (split_part(${column}, ':', 1)) ${owner}::text AS owner, ${column} AS text
     FROM ${table} WHERE ${column} IS NOT NULL`,
  );
}

/** Some ciphertexts of the column that are under this key. */
export function ciphertextsUnder(
  on: SqlExecutor,
  { table, owner }: Pick<EncryptedTable, 'table' | 'owner'>,
  column: string,
  keyId: string,
  limit: number,
): Promise<Ciphertext[]> {
  return sql<Ciphertext>(
    on,
    `SELECT ${owner}::text AS owner, ${column} AS text FROM ${table}
     WHERE ${column} IS NOT NULL AND split_part(${column}, ':', 1) = $1 LIMIT $2`,
    [keyId, limit],
  );
}
