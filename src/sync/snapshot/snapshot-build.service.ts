import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { describeError } from '../../common/describe-error';
import { inChunks } from '../../common/in-chunks';
import { InboxwireError } from '../../common/inboxwire.error';
import { EventLogService } from '../../event/log/event-log.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { BudgetSpentError, GmailApiError } from '../../gmail/gmail.errors';
import type { GmailCaller } from '../../gmail/quota/costs';
import { type Ask, LONGEST_IN_PLACE, LOOK, sitOut } from '../cursor/ask';
import { MailboxStateService } from './mailbox-state.service';
import { PostponedError } from '../cursor/postponed.error';
import { ReauthorizationService } from '../cursor/reauthorization.service';
import { SnapshotBuildStore, type SnapshotClaim } from './snapshot-build.store';
import { SnapshotStore } from './snapshot.store';
import { judgeSyncFailure } from '../cursor/sync-outcome';

/** How often in one build Google may refuse a call for the rate before the build gives up. */
const PATIENCE = 20;
/** Messages that are stored in one statement. */
const CHUNK = 5_000;

/** How a build ended that did not fail: its claim is returned as it was. */
function endingOf(error: unknown): string | undefined {
  if (error instanceof Superseded) return 'superseded';
  return error instanceof PostponedError ? 'postponed' : undefined;
}

/** A limit of Google's that ends soon. Until one that does not, the place is somebody else's. */
function isWorthWaiting(error: unknown): boolean {
  if (!(error instanceof GmailApiError) || error.code !== 'rate_limited') return false;
  return (error.details.retryAt?.getTime() ?? 0) - Date.now() <= LONGEST_IN_PLACE;
}

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
    let mailbox: Mailbox | undefined;
    let outcome = 'failed';
    let messages: number | undefined;
    try {
      mailbox = await this.mailboxes.get(mailboxId);
      messages = await this.build(claim, signal);
      outcome = messages === undefined ? 'superseded' : 'done';
      if (messages === undefined) await this.builds.release(claim);
    } catch (error) {
      const ending = signal.aborted ? 'returned' : endingOf(error);
      if (ending) {
        outcome = ending;
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
    const caller: GmailCaller = { mailboxId, priority: 'snapshot', signal };
    const { messages } = await this.state.at(caller, cursor, snapshot.filter, ask);
    for (const some of inChunks([...messages], CHUNK))
      if (!(await this.store.fill(snapshot, some))) return undefined;
    return this.log.transaction(mailboxId, ({ manager }) => this.builds.complete(manager, claim));
  }

  /** Heeds the waits that Google has asked for, and waits for more of them, and for its budget, in place: a build begins from nothing. */
  private patiently(claim: SnapshotClaim, signal: AbortSignal): Ask {
    let refusals = 0;
    return async (call) => {
      for (;;) {
        for (;;) {
          const wait = await this.builds.mayAskIn(claim);
          if (wait === undefined) throw new Superseded();
          if (wait === 0) break;
          if (wait > LONGEST_IN_PLACE) throw new PostponedError(wait, 'Google wants to be left alone');
          // In short sleeps: the mailbox may be disconnected meanwhile.
          await delay(Math.min(Math.ceil(wait), LOOK), undefined, { signal });
        }
        try {
          return await call();
        } catch (error) {
          if (error instanceof BudgetSpentError) await sitOut(error, signal);
          else if (!isWorthWaiting(error) || ++refusals > PATIENCE) throw error;
          else await this.heed(claim, error, refusals);
        }
      }
    };
  }

  private async heed(claim: SnapshotClaim, error: unknown, refusals: number): Promise<void> {
    const failure = judgeSyncFailure(error, refusals);
    if (failure.kind === 'retry' && failure.notBefore) await this.builds.wait(claim, failure.notBefore);
  }

  /** @param mailbox as the build began with it; undefined: it could not be read, and its grant was not used */
  private async fail(mailbox: Mailbox | undefined, claim: SnapshotClaim, error: unknown): Promise<void> {
    const { mailboxId } = claim;
    if (isConnectionError(error))
      this.logger.warn({ mailboxId, error: describeError(error) }, 'a snapshot waits for the database');
    else if (!(error instanceof InboxwireError))
      this.logger.error(
        { mailboxId, error: describeError(error) },
        'building a snapshot failed unexpectedly',
      );
    const failure = judgeSyncFailure(error, claim.failures + 1);
    if (failure.kind === 'reauthorize') {
      await this.reauthorization.require(mailbox!, failure.reason);
      return this.builds.fail(claim, 0);
    }
    const { code, message } = failure.error;
    this.logger.warn({ mailboxId, code, waitMs: failure.wait }, message);
    if (failure.notBefore) await this.builds.wait(claim, failure.notBefore);
    await this.builds.fail(claim, failure.wait);
  }
}
