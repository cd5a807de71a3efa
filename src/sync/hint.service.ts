import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Batcher } from '../background/batcher';
import { withTimeout } from '../common/with-timeout';
import { ChannelListener } from '../database/channel-listener.service';
import { traceText } from '../event/notification-trace';
import { canonicalAddress } from '../mailbox/email-address';
import { type HintRow, HintStore, type RecordedHint } from './cursor/hint.store';
import { HintTooSlowError } from './cursor/sync.errors';

/** A notification, read: something changed in this mailbox, up to this id. */
export interface Hint {
  /** In lower case. */
  emailAddress: string;
  historyId: bigint;
}

/** The push that brought a hint. */
export interface HintOrigin {
  messageId?: string;
  /** On the scale of `performance.now()`. */
  receivedAt: number;
  /** Its `traceparent`, when it is traced. */
  trace?: string;
}

type BroughtHint = Hint & HintOrigin;

/** `news`: the mailbox is due. `known`: nothing that was not known. `unknown_mailbox`: none of ours, or disconnected. */
export type HintOutcome = 'news' | 'known' | 'unknown_mailbox';

/** One commit at a time: what gathers meanwhile goes with the next one, and fewer, larger commits carry the most. */
const LANES = 1;
const MAX_BATCH_SIZE = 2_000;

/**
 * How long a commit may take. A push waits for two of them at most, its own and the one before, and Pub/Sub for 10 s:
 * it has to hear 503 by then. A commit that comes later all the same does no harm.
 */
const COMMIT_TIMEOUT_MS = 3_000;

/** How long a push waits for the row of its mailbox, and how often it is tried meanwhile. */
const MAX_LOCK_WAIT_MS = 3_000;
const LOCK_POLL_INTERVAL_MS = 25;

const OUTCOMES: Record<Exclude<RecordedHint, 'locked'>, HintOutcome> = { ahead: 'news', known: 'known' };

/** Records hints. They move nothing by themselves: they make a mailbox due for a sync from its own cursor. */
@Injectable()
export class HintService {
  private readonly batcher = this.newBatcher((hints) => this.commit(hints));

  /** Apart from the others, which must not wait for these: hints whose row was locked. */
  private readonly lockedBatcher = this.newBatcher(async (hints) => {
    await delay(LOCK_POLL_INTERVAL_MS);
    return this.commit(hints);
  });

  constructor(
    private readonly store: HintStore,
    private readonly channels: ChannelListener,
  ) {}

  /**
   * Resolves when the hint is committed, together with those that came at the same time.
   *
   * @throws HintTooSlowError, or what the database throws
   */
  async record(hint: Hint, origin: HintOrigin): Promise<HintOutcome> {
    const brought = { ...hint, ...origin, emailAddress: canonicalAddress(hint.emailAddress) };
    const deadline = performance.now() + MAX_LOCK_WAIT_MS;
    let recorded = await this.batcher.add(brought);
    while (recorded === 'locked' && performance.now() < deadline)
      recorded = await this.lockedBatcher.add(brought);
    if (recorded === 'locked') throw new HintTooSlowError();
    return recorded === undefined ? 'unknown_mailbox' : OUTCOMES[recorded];
  }

  private newBatcher(write: (hints: BroughtHint[]) => Promise<(RecordedHint | undefined)[]>) {
    return new Batcher(write, { lanes: LANES, maxItems: MAX_BATCH_SIZE });
  }

  private async commit(hints: BroughtHint[]): Promise<(RecordedHint | undefined)[]> {
    const writing = this.store.record(highestOfEach(hints));
    const recorded = await withTimeout(writing, COMMIT_TIMEOUT_MS, () => new HintTooSlowError());
    // After the commit: within it, a NOTIFY would have all commits of the server wait for each other.
    if ([...recorded.values()].includes('ahead')) this.channels.notify('inboxwire_sync');
    return hints.map(({ emailAddress }) => recorded.get(emailAddress));
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
