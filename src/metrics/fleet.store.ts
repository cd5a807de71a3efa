import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql';
import type { FleetGauge } from './fleet-gauges.store';

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

  /**
   * @param timeout milliseconds after which the database gives the statement up
   * @throws what the database throws
   */
  read({ query }: FleetGauge, timeout: number): Promise<Reading[]> {
    return this.dataSource.transaction(async (manager) => {
      await sql(manager, `SET LOCAL statement_timeout = ${timeout}`);
      const rows = await sql<{ label?: string; value: number | null }>(manager, query);
      return rows.flatMap(({ label, value }) => (value === null ? [] : [{ label, value }]));
    });
  }
}
