import { styleText } from 'node:util';
import type { ReceivedEvent } from '../support/sync/change-ledger';
import type { VerifiedDelivery } from '../support/delivery/verifying-receiver';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<string, Style> = {
  'message.added': 'green',
  'message.deleted': 'red',
  'message.labels_added': 'yellow',
  'message.labels_removed': 'yellow',
};
const WIDEST_ADDRESS = 18;
const WIDEST_SUBJECT = 48;

/** One event in one line: time, sequence, type, mailbox, signature, latency, and what it is about. */
export function eventLine({ event, verdict }: VerifiedDelivery, subjects: Map<string, string>): string {
  const time = styleText('dim', new Date().toTimeString().slice(0, 8));
  const type = styleText(STYLES[event.type] ?? 'cyan', event.type.padEnd(22));
  const sequence = styleText('dim', (event.sequence === null ? '' : `#${event.sequence}`).padStart(5));
  const signature = verdict ? styleText('green', '✔ signature') : styleText('red', '✘ signature');
  const latency = verdict?.latencyMs === undefined ? '' : `${verdict.latencyMs.toFixed(0)} ms`;
  const address = (event.mailbox?.emailAddress ?? '').padEnd(WIDEST_ADDRESS);
  const parts = [time, sequence, type, address, signature, latency.padStart(7)];
  return `${parts.join('  ')}  ${about(event, subjects)}${complaintOf(verdict)}`.trimEnd();
}

function complaintOf(verdict: VerifiedDelivery['verdict']): string {
  if (verdict?.doubled) return styleText('red', '  came twice');
  return verdict?.outOfOrder ? styleText('red', '  out of order') : '';
}

function about({ type, data }: ReceivedEvent, subjects: Map<string, string>): string {
  if (!type.startsWith('message.')) return String(data.reason ?? '');
  remember({ type, data }, subjects);
  const subject = subjects.get(data.messageId!) ?? '';
  if (type === 'message.deleted') subjects.delete(data.messageId!);
  const sign = { 'message.labels_added': '+', 'message.labels_removed': '-' }[type];
  if (sign === undefined) return subject;
  const labels = data.changedLabelIds!.map((label) => sign + label).join(' ');
  return `${styleText('bold', labels)} ${subject}`;
}

/** Only `message.added` carries the subject: an application that wants it later keeps it. */
function remember({ type, data }: Pick<ReceivedEvent, 'type' | 'data'>, subjects: Map<string, string>): void {
  if (type !== 'message.added') return;
  const from = data.message?.from;
  const subject = shorten(plain(data.message?.subject || '(no subject)'));
  subjects.set(
    data.messageId!,
    `"${subject}" ${styleText('dim', `from ${plain(from?.name || from?.address || '?')}`)}`,
  );
}

/** Anybody can send mail: nothing of it may steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, '');
}

function shorten(text: string): string {
  return text.length > WIDEST_SUBJECT ? `${text.slice(0, WIDEST_SUBJECT - 1)}…` : text;
}
