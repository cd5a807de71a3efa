import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InboxwireError } from '../common/inboxwire.error';
import { randomUUID } from 'node:crypto';

const POLL = 50;

/** Somebody else holds the lease for longer than the caller would wait. */
export class LeaseTakenError extends InboxwireError {
  constructor(name: string) {
    super('busy', `Another process is busy with ${name}. Try again in a moment.`, { retryable: true });
  }
}

/**
 * Mutual exclusion across replicas for things that Google allows one at a time, such as refreshing a grant. A row with
 * an expiry, and not a database lock: nothing is held open during the network call, and a killed holder is got over.
 */
@Injectable()
export class LeaseService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs the work while holding the lease.
   *
   * @param name what is done by one at a time, such as `grant:mbx_…`
   * @param options.ttl milliseconds after which others may take over; longer than the work can last
   * @param options.wait milliseconds to wait for the lease
   * @throws LeaseTakenError when it was not free in time
   */
  async hold<T>(name: string, options: { ttl: number; wait: number }, work: () => Promise<T>): Promise<T> {
    const holder = randomUUID();
    const deadline = Date.now() + options.wait;
    while (!(await this.take(name, holder, options.ttl))) {
      if (Date.now() >= deadline) throw new LeaseTakenError(name);
      await delay(POLL);
    }
    return this.held(name, holder, work);
  }

  /**
   * Runs the work while holding the lease; does nothing when somebody else holds it, and so sees to the same.
   *
   * @param ttl as with `hold`
   * @returns whether it was free
   */
  async holdIfFree(name: string, ttl: number, work: () => Promise<void>): Promise<boolean> {
    const holder = randomUUID();
    if (!(await this.take(name, holder, ttl))) return false;
    await this.held(name, holder, work);
    return true;
  }

  private async held<T>(name: string, holder: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await this.dataSource.query('DELETE FROM leases WHERE name = $1 AND holder = $2', [name, holder]);
    }
  }

  private async take(name: string, holder: string, ttl: number): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, now() + $3 * interval '1 ms')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
         WHERE leases.expires_at < now()
       RETURNING 1`,
      [name, holder, ttl],
    );
    return rows.length > 0;
  }
}
