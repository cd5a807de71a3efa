import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { InboxwireError } from '../common/inboxwire.error';
import { EventLogService } from '../event/event-log.service';
import { GmailApiError } from '../gmail/gmail.errors';
import { MailboxService } from '../mailbox/mailbox.service';
import type { Mailbox } from '../mailbox/mailbox.types';
import { MailboxStateService } from './mailbox-state.service';
import { type Ask, pace } from './pace';
import { ReauthorizationService } from './reauthorization.service';
import { SnapshotBuildStore, type SnapshotClaim } from './snapshot-build.store';
import { SnapshotStore } from './snapshot.store';
import { judgeSyncFailure } from './sync-outcome';

/** Half of what a mailbox has a minute: the rest is for its syncs. */
const UNITS_A_MINUTE = 3_000;
const BURST = 1_000;
/** How often in one build Google may refuse a call for the rate before the build gives up. */
const PATIENCE = 20;
/** Messages that are stored in one statement. */
const CHUNK = 5_000;

/** Somebody else decides about this snapshot now: it was replaced, or its mailbox is not active. */
class Superseded extends Error {}

/** Builds the snapshot of a mailbox from Gmail's lists, slowly, while syncs go on and write into it what they see. */
@Injectable()
export class SnapshotBuildService {
  private readonly logger = new Logger(SnapshotBuildService.name);

  constructor(
    private readonly store: SnapshotStore,
    private readonly builds: SnapshotBuildStore,
    private readonly mailboxes: MailboxService,
    private readonly state: MailboxStateService,
    private readonly log: EventLogService,
    private readonly reauthorization: ReauthorizationService,
  ) {}

  /** Builds a claimed snapshot and returns the claim, whatever happens. */
  async run(claim: SnapshotClaim, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const { mailboxId } = claim;
    const mailbox = await this.mailboxes.get(mailboxId);
    let outcome = 'failed';
    let messages: number | undefined;
    try {
      messages = await this.build(claim, signal);
      outcome = messages === undefined ? 'superseded' : 'done';
      if (messages === undefined) await this.builds.release(claim);
    } catch (error) {
      if (signal.aborted || error instanceof Superseded) {
        outcome = signal.aborted ? 'returned' : 'superseded';
        await this.builds.release(claim);
      } else await this.fail(mailbox, claim, error);
    } finally {
      const ms = Math.round(performance.now() - started);
      this.logger.log({ mailboxId, outcome, messages, ms }, 'snapshot');
    }
  }

  private async build(claim: SnapshotClaim, signal: AbortSignal): Promise<number | undefined> {
    const { mailboxId } = claim;
    // Under the append lock: a sync commits either before the beginning, and the lists show it, or writes into the snapshot.
    const cursor = await this.log.transaction(mailboxId, ({ manager }) => this.builds.begin(manager, claim));
    const snapshot = cursor === undefined ? undefined : await this.store.find(mailboxId);
    if (cursor === undefined || snapshot?.id !== claim.id) return undefined;
    const ask = this.patiently(claim, signal);
    const { messages } = await this.state.at(mailboxId, cursor, snapshot.filter, ask, signal);
    const states = [...messages];
    for (let start = 0; start < states.length; start += CHUNK)
      if (!(await this.store.fill(snapshot, states.slice(start, start + CHUNK)))) return undefined;
    return this.log.transaction(mailboxId, ({ manager }) => this.builds.complete(manager, claim));
  }

  /** Slowly, heeding the waits that Google has asked for, and waiting for more of them in place: a build begins from nothing. */
  private patiently(claim: SnapshotClaim, signal: AbortSignal): Ask {
    const turn = pace(UNITS_A_MINUTE, BURST, signal);
    let refusals = 0;
    return async (units, call) => {
      for (;;) {
        await turn(units);
        for (;;) {
          const wait = await this.builds.mayAskIn(claim);
          if (wait === undefined) throw new Superseded();
          if (wait === 0) break;
          // In short sleeps: the mailbox may be disconnected meanwhile.
          await delay(Math.min(Math.ceil(wait), 5_000), undefined, { signal });
        }
        try {
          return await call();
        } catch (error) {
          const limited = error instanceof GmailApiError && error.code === 'rate_limited';
          if (!limited || ++refusals > PATIENCE) throw error;
          await this.heed(claim, error, refusals);
        }
      }
    };
  }

  private async heed(claim: SnapshotClaim, error: unknown, refusals: number): Promise<void> {
    const failure = judgeSyncFailure(error, refusals);
    if (failure.kind === 'retry' && failure.notBefore) await this.builds.wait(claim, failure.notBefore);
  }

  private async fail(mailbox: Mailbox, claim: SnapshotClaim, error: unknown): Promise<void> {
    const { mailboxId } = claim;
    if (!(error instanceof InboxwireError))
      this.logger.error(
        { mailboxId, error: describeError(error) },
        'building a snapshot failed unexpectedly',
      );
    const failure = judgeSyncFailure(error, claim.failures + 1);
    if (failure.kind === 'reauthorize') {
      await this.reauthorization.require(mailbox, failure.reason);
      return this.builds.fail(claim, 0);
    }
    const { code, message } = failure.error;
    this.logger.warn({ mailboxId, code, waitMs: failure.wait }, message);
    if (failure.notBefore) await this.builds.wait(claim, failure.notBefore);
    await this.builds.fail(claim, failure.wait);
  }
}
