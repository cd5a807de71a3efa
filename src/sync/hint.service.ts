import { Injectable } from '@nestjs/common';
import { ROW_LOCKED, RowBatcher, type RowOutcome } from '../background/row-batcher';
import { withTimeout } from '../common/with-timeout';
import { ChannelListener } from '../database/channel-listener.service';
import { traceText } from '../event/notification-trace';
import { canonicalAddress } from '../mailbox/email-address';
import { type HintOutcome, type HintRow, HintStore, type RecordedHints } from './cursor/hint.store';
import { HintTooSlowError } from './cursor/sync.errors';
import type { SyncClaim } from './cursor/sync.types';

/** A notification, read: something changed in this mailbox, up to this id. */
export interface Hint {
  /** In lower case. */
  emailAddress: string;
  historyId: bigint;
}

/** The push that brought a hint. */
export interface HintOrigin {
  messageId?: string | undefined;
  /** On the scale of `performance.now()`. */
  receivedAt: number;
  /** Its `traceparent`, when it is traced. */
  trace?: string | undefined;
}

type BroughtHint = Hint & HintOrigin;

/**
 * One commit at a time: what gathers meanwhile goes with the next one, and fewer, larger commits carry the most. A push
 * waits no longer for the row of its mailbox.
 */
const BATCHING = { lanes: 1, maxItems: 2_000, maxLockWaitMs: 3_000 };

/**
 * How long a commit may take. A push waits for two of them at most, its own and the one before, and Pub/Sub for 10 s:
 * it has to get 503 by then. A commit that comes later nevertheless does no harm.
 */
const COMMIT_TIMEOUT_MS = 3_000;

/** Who syncs mailboxes that hints have made due, without claiming them by itself. */
export interface DueMailboxTaker {
  /** @returns how many it would take now; `take` follows */
  offer: () => number;
  /** @param offered what `offer` gave */
  take: (offered: number, claims: SyncClaim[]) => void;
}

/** Records hints. They move nothing by themselves: they make a mailbox due for a sync from its own cursor. */
@Injectable()
export class HintService {
  private taker: DueMailboxTaker = { offer: () => 0, take: () => undefined };
  private readonly batcher = new RowBatcher((hints: BroughtHint[]) => this.commit(hints), BATCHING);

  constructor(
    private readonly store: HintStore,
    private readonly channels: ChannelListener,
  ) {}

  /** From now on mailboxes that become due are claimed for this taker, as far as it has places for them. */
  handOverTo(taker: DueMailboxTaker): void {
    this.taker = taker;
  }

  /**
   * Resolves when the hint is committed, together with those that came at the same time.
   *
   * @throws HintTooSlowError, or what the database throws
   */
  async record(hint: Hint, origin: HintOrigin): Promise<HintOutcome> {
    const brought = { ...hint, ...origin, emailAddress: canonicalAddress(hint.emailAddress) };
    const recorded = await this.batcher.add(brought);
    if (recorded === ROW_LOCKED) throw new HintTooSlowError();
    return recorded;
  }

  private async commit(hints: BroughtHint[]): Promise<RowOutcome<HintOutcome>[]> {
    const recorded = await withTimeout(
      this.write(highestOfEach(hints)),
      COMMIT_TIMEOUT_MS,
      () => new HintTooSlowError(),
    );
    return hints.map(({ emailAddress }) => recorded.get(emailAddress) ?? 'unknown_mailbox');
  }

  /** Hands over what it has claimed also when nobody waits for it any more. */
  private async write(hints: HintRow[]): Promise<RecordedHints['outcomes']> {
    const offered = this.taker.offer();
    let claims: SyncClaim[] = [];
    try {
      const recorded = await this.store.record(hints, offered);
      ({ claims } = recorded);
      // After the commit: within it, a NOTIFY would have all commits of the server wait for each other.
      if (recorded.areOthersDue) this.channels.notify('inboxwire_sync');
      return recorded.outcomes;
    } finally {
      this.taker.take(offered, claims);
    }
  }
}

function highestOfEach(hints: BroughtHint[]): HintRow[] {
  const highest = new Map<string, BroughtHint>();
  for (const hint of hints) {
    const known = highest.get(hint.emailAddress);
    if (known === undefined || hint.historyId > known.historyId) highest.set(hint.emailAddress, hint);
  }
  const now = performance.now();
  return Array.from(highest.values(), ({ emailAddress, historyId, messageId, trace, receivedAt }) => ({
    ...{ emailAddress, historyId, trace: traceText(messageId, trace), ageMs: now - receivedAt },
  }));
}
