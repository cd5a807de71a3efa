import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConnectError } from '../connection.errors';
import { ConnectSessionStore } from './connect-session.store';
import type { CallbackOutcome, ConnectSession } from './connect-session.types';

const RENEWAL_INTERVAL_MS = 5_000;
const POLL_INTERVAL_MS = 100;

/** Writes, in the transaction that connects the mailbox, that the session has led to it. */
export type Complete = (manager: EntityManager, mailboxId: string) => Promise<void>;

/**
 * Exchanges a code once. Browsers reload the callback and come back to it, and proxies repeat it: whoever brings the same code
 * gets the answer of the first, refusals too, on whichever replica. Another code waits until the first has failed.
 */
@Injectable()
export class OneExchangeService {
  constructor(private readonly sessions: ConnectSessionStore) {}

  /**
   * @param exchange what is done once
   * @param refuse what becomes of its failure
   */
  async run(
    session: ConnectSession,
    code: string,
    exchange: (complete: Complete) => Promise<string>,
    refuse: (error: unknown) => ConnectError,
  ): Promise<CallbackOutcome> {
    const hash = createHash('sha256').update(code).digest('base64url');
    const holder = randomUUID();
    for (;;) {
      if (await this.sessions.claim(session.id, hash, holder)) break;
      const known = await this.outcome(session.id, hash);
      if (known) return known;
      await delay(POLL_INTERVAL_MS);
    }
    const renewal = setInterval(() => void this.renew(session.id, holder), RENEWAL_INTERVAL_MS);
    try {
      return { mailboxId: await exchange((...done) => this.complete(session.id, hash, holder, ...done)) };
    } catch (error) {
      const refused = refuse(error);
      await this.sessions.fail(session.id, hash, holder, refused.asLastError());
      return { error: refused.code };
    } finally {
      clearInterval(renewal);
    }
  }

  /** Undefined while another callback of the session is at it. */
  private async outcome(id: string, code: string): Promise<CallbackOutcome | undefined> {
    const row = await this.sessions.find({ id });
    if (!row) return { error: 'session_expired' };
    const outcome = row.outcomes[code];
    if (outcome) return outcome;
    if (row.completedAt) return { error: 'session_used' };
    return (await this.sessions.hasExpired(id)) ? { error: 'session_expired' } : undefined;
  }

  private async complete(
    id: string,
    code: string,
    holder: string,
    manager: EntityManager,
    mailboxId: string,
  ): Promise<void> {
    if (!(await this.sessions.complete(manager, id, code, holder, { mailboxId })))
      throw new ConnectError('session_used');
  }

  /** Without a database the claim runs out by itself. */
  private async renew(id: string, holder: string): Promise<void> {
    await this.sessions.renew(id, holder).catch(() => undefined);
  }
}
