import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InboxwireError } from '../common/inboxwire.error';
import { LeaseStore } from './lease.store';

const POLL_INTERVAL_MS = 50;

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
  constructor(private readonly store: LeaseStore) {}

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
    while (!(await this.store.take(name, holder, options.ttl))) {
      if (Date.now() >= deadline) throw new LeaseTakenError(name);
      await delay(POLL_INTERVAL_MS);
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
    if (!(await this.store.take(name, holder, ttl))) return false;
    await this.held(name, holder, work);
    return true;
  }

  private async held<T>(name: string, holder: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await this.store.release(name, holder);
    }
  }
}
