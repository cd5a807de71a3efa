import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from './sql';

@Injectable()
export class LeaseStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param ttl milliseconds after which others may take it over @returns whether the lease was free */
  async take(name: string, holder: string, ttl: number): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, now() + $3 * interval '1 ms')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
         WHERE leases.expires_at < now()
       RETURNING 1`,
      [name, holder, ttl],
    );
    return rows.length > 0;
  }

  /** Does nothing when somebody else has taken it over. */
  async renew(name: string, holder: string, ttl: number): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE leases SET expires_at = now() + $3 * interval '1 ms' WHERE name = $1 AND holder = $2`,
      [name, holder, ttl],
    );
  }

  async release(name: string, holder: string): Promise<void> {
    await sql(this.dataSource, 'DELETE FROM leases WHERE name = $1 AND holder = $2', [name, holder]);
  }
}
