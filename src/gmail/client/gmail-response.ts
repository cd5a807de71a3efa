import { describeError } from '../../common/describe-error';
import { explainGmailError, type GoogleResponse, isNotFound } from './explain-gmail-error';
import { GmailApiError } from '../gmail.errors';
import { readHistoryId } from '../history-id';
import type { GmailMessage, HistoryRecord } from '../gmail.types';

/** The body of a success; everything else is thrown as our error. */
export function success<T>(response: GoogleResponse): T {
  const { status, body } = response;
  const succeeded = status >= 200 && status < 300;
  if (succeeded && typeof body === 'object' && body !== null) return body as T;
  if (succeeded && !body) return {} as T;
  throw explainGmailError(response);
}

/**
 * The message of a response to a request for one; undefined when it is gone. A response without its id is none, or that of
 * another message, and an event would carry it for good.
 */
export function messageOf(id: string, response: GoogleResponse): GmailMessage | undefined {
  if (isNotFound(response)) return undefined;
  const message = success<Partial<GmailMessage>>(response);
  if (message.id !== id) throw unreadable('users.messages.get', 'the message that was asked for');
  return message as GmailMessage;
}

/** The history id of a response; some have it as a number. @throws GmailApiError when it has none */
export function historyIdOf(method: string, value: unknown): bigint {
  const id = readHistoryId(String(value));
  if (id === undefined) throw unreadable(method, 'a historyId');
  return id;
}

/** The address of a profile. @throws GmailApiError when it has none: a mailbox must not get a name that nobody finds it by */
export function addressOf({ emailAddress }: { emailAddress?: unknown }): string {
  const isAddress =
    typeof emailAddress === 'string' && /^[^\s\p{Cc}@]{1,64}@[^\s\p{Cc}@]{1,255}$/u.test(emailAddress);
  if (!isAddress) throw unreadable('users.getProfile', 'an emailAddress');
  return emailAddress;
}

/**
 * The records of a page of history, in the order of their ids, whatever the page's, and each once; none when nothing has
 * happened.
 *
 * @throws GmailApiError when one has no id
 */
export function recordsOf(history: unknown): HistoryRecord[] {
  const records = (history ?? []) as (HistoryRecord | null)[];
  const readable =
    Array.isArray(records) && records.every((record) => readHistoryId(record?.id) !== undefined);
  // Without its id, nobody can say that a record is in the log.
  if (!readable) throw unreadable('users.history.list', 'an id for each record');
  return inOrder(records as HistoryRecord[]);
}

/** Records in the order of their ids, each once. */
export function inOrder(records: HistoryRecord[]): HistoryRecord[] {
  const sorted = records.toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
  return sorted.filter((record, place) => !isRepetition(record, sorted[place - 1]));
}

/** Records with the same id may report different changes. */
function isRepetition(record: HistoryRecord, before: HistoryRecord | undefined): boolean {
  return record.id === before?.id && JSON.stringify(record) === JSON.stringify(before);
}

/** A response that came and lacks what it must have. */
export function unreadable(method: string, missing: string): GmailApiError {
  return new GmailApiError(
    'gmail_unavailable',
    `Gmail's answer to ${method} lacks ${missing}; it will be asked again.`,
  );
}

/** The SDK's errors hold the request, and with it the token: only the messages are kept, its own and those of its causes. */
export function withoutRequest(error: unknown): Error {
  return new Error(describeError(error));
}

/** @returns undefined when the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
