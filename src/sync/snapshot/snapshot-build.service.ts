import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { ReauthorizationService } from '../cursor/reauthorization.service';
import { PostponedError, SupersededError } from '../cursor/sync.errors';
import { classifySyncFailure } from '../cursor/sync-outcome';
import { SnapshotBuildStore, type SnapshotClaim } from './snapshot-build.store';
import { SnapshotBuilder } from './snapshot-builder.service';

/** After so many attempts that ended without returning their claim, a snapshot is given up. */
const MAX_ATTEMPTS = 4;

/** One build from claim to return. */
@Injectable()
export class SnapshotBuildService {
  private readonly logger = new Logger(SnapshotBuildService.name);

  constructor(
    private readonly builder: SnapshotBuilder,
    private readonly builds: SnapshotBuildStore,
    private readonly mailboxes: MailboxService,
    private readonly reauthorization: ReauthorizationService,
  ) {}

  /** Builds a claimed snapshot and returns the claim, whatever happens. */
  async run(claim: SnapshotClaim, signal: AbortSignal): Promise<void> {
    if (claim.attempts >= MAX_ATTEMPTS) return this.giveUp(claim);
    const started = performance.now();
    const { mailboxId } = claim;
    let mailbox: Mailbox | undefined;
    let outcome = 'failed';
    let messages: number | undefined;
    try {
      mailbox = await this.mailboxes.get(mailboxId);
      messages = await this.builder.build(claim, signal);
      outcome = 'done';
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

  private async giveUp(claim: SnapshotClaim): Promise<void> {
    await this.builds.giveUp(claim);
    const { mailboxId, attempts } = claim;
    this.logger.error(
      { mailboxId, attempts },
      'the snapshot of a mailbox is given up, since each attempt to build it has ended the process or met a defect; ' +
        'gaps in its history are repaired by date. Another filter of its watch lets it be tried again',
    );
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
    const failure = classifySyncFailure(error, claim.failures + 1);
    if (failure.kind === 'reauthorize') {
      await this.reauthorization.require(mailbox!, failure.reason);
      return this.builds.fail(claim, 0, false);
    }
    const { code, message } = failure.error;
    this.logger.warn({ mailboxId, code, waitMs: failure.wait }, message);
    if (failure.notBefore) await this.builds.wait(claim, failure.notBefore);
    await this.builds.fail(
      claim,
      failure.wait,
      !isConnectionError(error) && !(error instanceof InboxwireError),
    );
  }
}

/** How a build ended that did not fail: its claim is returned as it was. */
function endingOf(error: unknown): string | undefined {
  if (error instanceof SupersededError) return 'superseded';
  return error instanceof PostponedError ? 'postponed' : undefined;
}
