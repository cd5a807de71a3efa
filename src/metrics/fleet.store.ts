import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql';
import type { FleetGauge } from './fleet-gauges.store';

/** How long a gauge waits for a table that somebody has locked. */
const LOCK_TIMEOUT_MS = 800;

/** What one gauge's statement has read. */
export interface Reading {
  label: string | undefined;
  value: number;
}

/** Reads gauges, one statement each. */
@Injectable()
export class FleetStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether the database answers. @throws what it throws */
  async ping(): Promise<void> {
    await sql(this.dataSource, 'SELECT 1');
  }

  /** @throws what the database throws, such as when the table is locked or the statement takes far too long */
  read({ query }: FleetGauge): Promise<Reading[]> {
    return this.dataSource.transaction(async (manager) => {
      await sql(manager, `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      const rows = await sql<{ label?: string; value: number | null }>(manager, query);
      return rows.flatMap(({ label, value }) => (value === null ? [] : [{ label, value }]));
    });
  }
}
