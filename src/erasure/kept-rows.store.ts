import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql';
import { inBatches } from './in-batches';
import { type ErasedMailbox, KeptData } from './kept-data';

const BATCH = 2_000;

/** Deletes the rows that modules have named. */
@Injectable()
export class KeptRowsStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly kept: KeptData,
  ) {}

  async delete({ id }: Pick<ErasedMailbox, 'id'>, signal: AbortSignal): Promise<void> {
    for (const { table, where } of this.kept.rows())
      await inBatches(signal, async () => {
        const gone = await sql(
          this.dataSource,
          `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT ${BATCH})) RETURNING 1`,
          [id],
        );
        return gone.length;
      });
  }
}
