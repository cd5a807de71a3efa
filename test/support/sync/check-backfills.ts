import type { TrueChange } from '../../../src/local-google/mailbox/history-record';
import type { Event } from '../api-types';
import type { EventOf, MessageEvent } from '../event/of-type';
import { reportedChanges, type ReportedChange } from './truth';
import { messageEvents } from '../event/mailbox-log';

/** What the operator asked of a mailbox. */
export interface AskedBackfills {
  /** Earlier than all that the mailbox holds. */
  since: string;
  accepted: number;
  /** How many may have been accepted besides. */
  unanswered: number;
}

/** A mailbox as it truly is. */
export interface BackfilledMailbox {
  asked: AskedBackfills;
  /** All changes, those from before the connection included. */
  changes: readonly TrueChange[];
  /** Where its history was when it was connected. */
  connectedAt: bigint;
  /** The messages that its filter shows now, and when they were received. */
  held: ReadonlyMap<string, number>;
  /** Its history expires: what a repair finds has the same origin as what a backfill finds. */
  isRepaired: boolean;
}

type Added = EventOf<'message.added'>;

/** What backfills have reported. */
export function backfilled(log: readonly Event[]): Added[] {
  return messageEvents(log).filter(
    (event): event is Added => event.type === 'message.added' && event.origin === 'backfill',
  );
}

/**
 * What the log reports as it happened, and what it should report so. A message that a backfill has reported is not added by its
 * arrival too: where history lags, the backfill may be first.
 */
export function liveOf(log: readonly Event[], truth: readonly ReportedChange[]) {
  const found = new Set<Event>(backfilled(log));
  const ids = new Set(backfilled(log).map(({ data }) => data.messageId));
  return {
    reported: reportedChanges(messageEvents(log).filter((event) => !found.has(event))),
    happened: truth.filter(({ type, messageId }) => type !== 'message.added' || !ids.has(messageId)),
  };
}

/**
 * Compares what backfills have reported with what the mailbox holds and what was asked for.
 *
 * @returns the first fault
 */
export function checkBackfills(log: readonly Event[], mailbox: BackfilledMailbox): string | undefined {
  return (
    checkOnce(log, mailbox) ??
    checkEnds(log, mailbox) ??
    (mailbox.isRepaired ? undefined : (checkOrder(log, mailbox) ?? checkContent(log, mailbox)))
  );
}

/** Each message that is there was added, and none twice; what was there before the connection, by the first backfill. */
function checkOnce(log: readonly Event[], mailbox: BackfilledMailbox): string | undefined {
  const added = addedIn(log);
  const ids = [...mailbox.held.keys()];
  const again = added.find((id, i) => added.indexOf(id) !== i);
  if (again !== undefined) return `${again} was added twice`;
  const left = ids.find((id) => !added.includes(id));
  if (left !== undefined) return `${left} is there, and no backfill has reported it`;
  const first = log.findIndex(({ type }) => type === 'mailbox.backfilled');
  const byThen = new Set(addedIn(log.slice(0, first + 1)));
  const changed = changedSince(mailbox);
  const late = first < 0 ? undefined : ids.find((id) => !changed.has(id) && !byThen.has(id));
  return late === undefined ? undefined : `${late} was there, and the first backfill has not reported it`;
}

function addedIn(log: readonly Event[]): string[] {
  return messageEvents(log).flatMap(({ type, data }) => (type === 'message.added' ? [data.messageId] : []));
}

/** The messages that something has happened to since the mailbox was connected. */
function changedSince({ changes, connectedAt }: BackfilledMailbox): Set<string> {
  const since = changes.filter(({ historyId }) => BigInt(historyId) > connectedAt);
  return new Set(since.map(({ messageId }) => messageId));
}

/** Each backfill that was accepted ends once, and counts what it has added. */
function checkEnds(log: readonly Event[], { asked, isRepaired }: BackfilledMailbox): string | undefined {
  let [ends, count] = [0, 0];
  for (const event of log) {
    if (event.type === 'message.added' && event.origin === 'backfill') count += 1;
    if (event.type !== 'mailbox.backfilled') continue;
    const { since, recovered, complete } = event.data;
    if (since !== asked.since || !complete) return `${event.id} reports a backfill that nobody asked for`;
    const counted = recovered['message.added'] ?? 0;
    if (isRepaired ? counted > count : counted !== count)
      return `${event.id} counts ${counted} messages, and there were ${count}`;
    ends += 1;
    count = 0;
  }
  if (ends < asked.accepted || ends > asked.accepted + asked.unanswered)
    return `${ends} backfills have ended, and ${asked.accepted} were accepted (${asked.unanswered} more asked for)`;
  return count > 0 && !isRepaired ? `${count} messages are of a backfill that has not ended` : undefined;
}

/** Oldest first, but for messages that changed meanwhile: they are read again. */
function checkOrder(log: readonly Event[], mailbox: BackfilledMailbox): string | undefined {
  const changed = changedSince(mailbox);
  let newest = 0;
  for (const event of log) {
    if (event.type === 'mailbox.backfilled') newest = 0;
    if (event.type !== 'message.added' || event.origin !== 'backfill') continue;
    const at = mailbox.held.get(event.data.messageId);
    if (at === undefined || changed.has(event.data.messageId)) continue;
    if (at < newest) return `${event.data.messageId} came after a newer one`;
    newest = at;
  }
  return undefined;
}

/** A message is reported as it was, and never older than what was reported of it before. */
function checkContent(log: readonly Event[], { changes }: BackfilledMailbox): string | undefined {
  const reported = new Map<string, MessageEvent>();
  for (const event of messageEvents(log)) {
    const { messageId } = event.data;
    const before = reported.get(messageId);
    reported.set(messageId, event);
    if (event.type !== 'message.added' || event.origin !== 'backfill') continue;
    const { historyId, labelIds } = event.data;
    if (before && (before.type === 'message.deleted' || BigInt(before.data.historyId) > BigInt(historyId)))
      return `${event.id} adds ${messageId} as it was at ${historyId}, after ${before.id} (${before.type})`;
    const then = changes.findLast(
      (change) => change.messageId === messageId && BigInt(change.historyId) <= BigInt(historyId),
    );
    if (labelsOf(then?.labelIds) !== labelsOf(labelIds))
      return `${event.id} gives ${messageId} ${labelsOf(labelIds)}, and it had ${labelsOf(then?.labelIds)}`;
  }
  return undefined;
}

function labelsOf(labelIds: readonly string[] | null | undefined): string {
  return [...(labelIds ?? ['nothing'])].sort().join();
}
