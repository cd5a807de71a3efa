import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EncryptedTable } from './encrypted-tables';
import type { ApiKeyUsage } from './key-state';
import { sql } from '../database/sql';

/** A row with its ciphertexts by column; null where there is none. */
export interface EncryptedRow {
  id: string;
  owner: string;
  secrets: Record<string, string | null>;
}

/** Ciphertexts in SQL, whichever table they are in. */
@Injectable()
export class ReencryptionStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * How many ciphertexts of the table there are under each key but the first, under which nearly all of them are: every key
   * is found by a step in the index of the column, and only those under other keys are counted.
   */
  uses({ name, table, columns, inUse = 'true' }: EncryptedTable, firstKey: string): Promise<ApiKeyUsage[]> {
    const counts = columns.map(
      (column) => `SELECT key, count FROM (${keysOf(table, column)}) keys CROSS JOIN LATERAL (
        SELECT count(*)::int AS count FROM ${table} WHERE ${keyOf(column)} = key AND ${inUse}) counted WHERE key <> $2`,
    );
    return sql<ApiKeyUsage>(
      this.dataSource,
      `SELECT $1 AS name, key AS "keyId", sum(count)::int AS count FROM (${counts.join(' UNION ALL ')}) AS counts
       GROUP BY key HAVING sum(count) > 0 ORDER BY key`,
      [name, firstKey],
    );
  }

  /**
   * Encrypts the next rows that are under one of these keys anew. Rows that somebody is writing are left to the next
   * run, as are those that another replica is at.
   *
   * @param after the id of the row to begin behind
   * @param encrypt makes the new ciphertexts of a row; undefined leaves it as it is
   * @returns the id of the last row that was seen, undefined when none was left; and how many have moved
   */
  async moveSome(
    { table, id, owner, columns }: EncryptedTable,
    keyIds: string[],
    after: string | undefined,
    limit: number,
    encrypt: (row: EncryptedRow) => EncryptedRow['secrets'] | undefined,
  ): Promise<{ last: string | undefined; moved: number }> {
    const stale = columns.map((column) => `${keyOf(column)} = ANY ($1)`).join(' OR ');
    const fields = columns.map((column) => `'${column}', ${column}`).join(', ');
    return this.dataSource.transaction(async (manager) => {
      const rows = await sql<EncryptedRow>(
        manager,
        `SELECT ${id}::text AS id, ${owner} AS owner, json_build_object(${fields}) AS secrets FROM ${table}
         WHERE (${stale}) ${after === undefined ? '' : `AND ${id} > $3`}
         ORDER BY ${table}.${id} LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [keyIds, limit, ...(after === undefined ? [] : [after])],
      );
      let moved = 0;
      for (const row of rows) {
        const secrets = encrypt(row);
        if (!secrets) continue;
        const changes = columns.map((column, index) => `${column} = $${index + 2}`).join(', ');
        const values = columns.map((column) => secrets[column]);
        await sql(manager, `UPDATE ${table} SET ${changes} WHERE ${id} = $1`, [row.id, ...values]);
        moved++;
      }
      return { last: rows.at(-1)?.id, moved };
    });
  }
}

/** In SQL: the id of the key of a ciphertext. Each column has an index of it. */
const keyOf = (column: string) => `split_part(${column}, ':', 1)`;

/** In SQL: the ids of all keys that the column is encrypted with, as `key`. */
const keysOf = (table: string, column: string) => `
  WITH RECURSIVE step (key) AS (
    SELECT min(${keyOf(column)}) FROM ${table}
    UNION ALL
    SELECT (SELECT min(${keyOf(column)}) FROM ${table} WHERE ${keyOf(column)} > key) FROM step WHERE key IS NOT NULL)
  SELECT key FROM step WHERE key IS NOT NULL`;
