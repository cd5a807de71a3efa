import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InboxwireError } from '../common/inboxwire.error';
import { LeaseStore } from './lease.store';

const POLL_INTERVAL_MS = 50;

/** A dead holder loses its lease after this, in time for others to finish its work within 20 s. Running ones renew theirs. */
const LEASE_MS = 12_000;
const RENEWAL_INTERVAL_MS = 4_000;

/** Long enough to take over from a dead holder. */
const MAX_WAIT_MS = 15_000;

/** Somebody else holds the lease for longer than the caller would wait. */
export class LeaseTakenError extends InboxwireError {
  constructor(name: string) {
    super('busy', `Another process is busy with ${name}. Try again in a moment.`, { retryable: true });
  }
}

/**
 * Mutual exclusion across replicas for things that Google allows one at a time, such as refreshing a grant. A row with
 * an expiry that is renewed for as long as the work lasts, and not a database lock: nothing is held open during the network
 * call, and the lease of a killed holder runs out.
 */
@Injectable()
export class LeaseService {
  constructor(private readonly store: LeaseStore) {}

  /**
   * Runs the work while holding the lease, however long it takes.
   *
   * @param name what is done by one at a time, such as `grant:mbx_…`
   * @throws LeaseTakenError when it was not free in time
   */
  async hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    const holder = randomUUID();
    const deadline = performance.now() + MAX_WAIT_MS;
    while (!(await this.store.take(name, holder, LEASE_MS))) {
      if (performance.now() >= deadline) throw new LeaseTakenError(name);
      await delay(POLL_INTERVAL_MS);
    }
    return this.held(name, holder, work);
  }

  /**
   * Runs the work while holding the lease; does nothing when somebody else holds it, and so does the same.
   *
   * @returns whether it was free
   */
  async holdIfFree(name: string, work: () => Promise<void>): Promise<boolean> {
    const holder = randomUUID();
    if (!(await this.store.take(name, holder, LEASE_MS))) return false;
    await this.held(name, holder, work);
    return true;
  }

  private async held<T>(name: string, holder: string, work: () => Promise<T>): Promise<T> {
    // When it cannot be renewed the database is away, and nobody else can take it either.
    const renew = () => void this.store.renew(name, holder, LEASE_MS).catch(() => undefined);
    const renewal = setInterval(renew, RENEWAL_INTERVAL_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      await this.store.release(name, holder);
    }
  }
}
