import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../support/api-types';
import { inboxTruthOf, truthOf } from '../support/sync/truth';
import { checkAddresses } from '../support/connection/check-addresses';
import { backfilled, checkBackfills } from '../support/sync/check-backfills';
import { checkContents } from './check-contents';
import { checkErasure, isDue, isErased } from '../support/connection/check-erasure';
import { checkLog, type LogVerdict } from './check-log';
import type { ChaosCluster } from './chaos-cluster';
import type { ConnectedMailbox } from './connected-mailbox';
import type { UnreliableReceiver } from './unreliable-receiver';

/** What would end a mailbox, or let the log report less than the truth. No fault of this run is a reason for one. */
const NEVER = new Set(['mailbox.reauthorization_required', 'mailbox.gap', 'mailbox.disconnected']);

export interface ReceiverVerdict {
  name: string;
  ordering: string;
  taken: number;
  lost: number;
  /** Taken, and not in the log or with another content. */
  invented: number;
  outOfOrder: number;
  repeats: number;
  forged: number;
}

export interface Verdict {
  changes: number;
  events: number;
  /** Messages from before the connections that were reported. */
  backfilled: number;
  log: LogVerdict;
  receivers: ReceiverVerdict[];
  /** Events that a reader of the list has not seen, or not in their place. */
  unseen: number;
  /** What is wrong, one line each. Empty, and the run has passed. */
  faults: string[];
}

/** Compares everything that was reported with everything that happened. */
export function check(cluster: ChaosCluster, events: readonly Event[]): Verdict {
  const faults: string[] = [];
  const log = { lost: 0, doubled: 0, outOfOrder: 0, holes: 0, example: undefined };
  let changes = 0;
  const logs = Map.groupBy(events, ({ mailbox }) => mailbox?.id);
  for (const mailbox of cluster.mailboxes) {
    const { id, emailAddress } = mailbox;
    const { count, verdict } = checkMailbox(cluster, mailbox, logs.get(id) ?? []);
    changes += count;
    for (const key of ['lost', 'doubled', 'outOfOrder', 'holes'] as const) log[key] += verdict[key];
    const addressFault = checkAddresses(logs.get(id) ?? [], mailbox.addresses);
    const backfillFault = checkBackfilled(cluster, mailbox, logs.get(id) ?? []);
    for (const fault of [verdict.example, addressFault, backfillFault])
      if (fault) faults.push(`log of ${emailAddress} (${id}): ${fault}`);
  }
  for (const { id } of cluster.doomed) {
    const lastContentAt = Math.max(
      ...cluster.receivers.map((receiver) => receiver.lastContentAt.get(id) ?? 0),
    );
    const fault = checkErasure(logs.get(id) ?? [], lastContentAt);
    if (fault) faults.push(`the erased mailbox ${id}: ${fault}`);
  }
  checkEvents(cluster, events, faults);
  if (cluster.nameServer.questions.length === 0) faults.push('no name was asked of the silent name server');
  const receivers = cluster.receivers.map((receiver) => checkReceiver(receiver, events, faults));
  const unseen = events.filter(({ id }, i) => cluster.poller.seen[i] !== id).length;
  if (unseen > 0 || cluster.poller.seen.length !== events.length)
    faults.push(
      `a reader of the list saw ${cluster.poller.seen.length} events, ${unseen} not in their place`,
    );
  for (const { crashes } of cluster.replicas)
    faults.push(...crashes.map((crash) => `ended by itself: ${crash}`));
  const found = cluster.backfilled.reduce((sum, { id }) => sum + backfilled(logs.get(id) ?? []).length, 0);
  return { changes, events: events.length, backfilled: found, log, receivers, unseen, faults };
}

/** What each event says by itself. */
function checkEvents(cluster: ChaosCluster, events: readonly Event[], faults: string[]): void {
  const mailboxes = new Map(cluster.mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  for (const event of events) {
    const { type, mailbox, data } = event;
    if (isErased(event) && cluster.doomed.some(({ id }) => id === mailbox?.id)) continue;
    if (!mailbox) {
      faults.push(`${type} without a reason`);
      continue;
    }
    const { kind, emailAddress } = mailboxes.get(mailbox.id)!;
    if (
      type === 'message.added' &&
      data.gone === true &&
      cluster.google.mailbox(emailAddress).messages.has(data.messageId)
    )
      faults.push(`${emailAddress}: ${data.messageId} is there, and reported as gone`);
    if (NEVER.has(type) && !(type === 'mailbox.gap' && kind === 'forgetful'))
      faults.push(`${emailAddress}: ${type} without a reason`);
  }
}

function checkMailbox(
  cluster: ChaosCluster,
  { emailAddress, kind, connectedAt }: ConnectedMailbox,
  log: readonly Event[],
): { count: number; verdict: LogVerdict } {
  const truth = (kind === 'inbox' ? inboxTruthOf : truthOf)(cluster, emailAddress).filter(
    ({ historyId }) => BigInt(historyId) > connectedAt,
  );
  if (kind !== 'forgetful') return { count: truth.length, verdict: checkLog(log, truth) };
  const { messages } = cluster.google.mailbox(emailAddress);
  const contents = new Map([...messages.values()].map(({ id, labelIds }) => [id, [...labelIds]] as const));
  return { count: truth.length, verdict: checkContents(log, contents) };
}

function checkBackfilled(
  { google, backfilled }: ChaosCluster,
  mailbox: ConnectedMailbox,
  log: readonly Event[],
): string | undefined {
  if (!backfilled.includes(mailbox)) return undefined;
  const { backfills: asked, emailAddress, connectedAt, held, kind } = mailbox;
  const changes = google.changes(emailAddress);
  return checkBackfills(log, { asked, changes, connectedAt, held, isRepaired: kind === 'forgetful' });
}

function checkReceiver(
  receiver: UnreliableReceiver,
  events: readonly Event[],
  faults: string[],
): ReceiverVerdict {
  const { name, ordering, taken, outOfOrder, repeats, forged } = receiver;
  const inLog = new Map(events.map((event) => [event.id, event]));
  const lost = events.filter((event) => isDue(event) && !taken.has(event.id));
  const invented = [...taken].filter(([id, body]) => !isInLog(JSON.parse(body) as Event, inLog.get(id)));
  if (lost.length > 0)
    faults.push(`the receiver with ${name} did not get ${lost.length} events, the first: ${lost[0]!.id}`);
  if (invented.length > 0)
    faults.push(`the receiver with ${name} got what the log does not hold: ${invented[0]![1]}`);
  if (outOfOrder.length > 0) faults.push(`the receiver with ${name}: ${outOfOrder[0]}`);
  if (forged > 0) faults.push(`the receiver with ${name} got ${forged} webhooks without a good signature`);
  return {
    ...{ name, ordering, taken: taken.size, lost: lost.length, invented: invented.length },
    ...{ outOfOrder: outOfOrder.length, repeats, forged },
  };
}

/** What was delivered before its mailbox was erased is no longer to be read there. */
function isInLog(taken: Event, event: Event | undefined): boolean {
  if (!event || !isErased(event)) return isDeepStrictEqual(taken, event);
  return (
    taken.type === event.type && taken.sequence === event.sequence && taken.mailbox?.id === event.mailbox?.id
  );
}
