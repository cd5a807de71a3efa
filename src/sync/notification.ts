import { readHistoryId } from '../gmail/history-id';
import type { Hint } from './hint.service';

interface ParseContext {
  /** The number as it is written, before JavaScript rounds it (ECMAScript 2026, JSON.parse source text access). */
  source?: string;
}

/**
 * Reads a Gmail notification: `{"emailAddress": "…", "historyId": "…"}`, where the id may be a string or a number and
 * the address in any letter case.
 * @see https://developers.google.com/workspace/gmail/api/guides/push#receiving_notifications
 * @returns undefined when the data is none
 */
export function readNotification(data: Buffer): Hint | undefined {
  try {
    const content = JSON.parse(data.toString('utf8'), exactHistoryId) as {
      emailAddress?: unknown;
      historyId?: unknown;
    };
    const { emailAddress, historyId } = content;
    // No address holds a control character, and PostgreSQL refuses a NUL: it would fail the hints committed with it.
    if (typeof emailAddress !== 'string' || !emailAddress.includes('@') || /\p{Cc}/u.test(emailAddress))
      return undefined;
    const id = readHistoryId(historyId);
    return id === undefined ? undefined : { emailAddress: emailAddress.trim().toLowerCase(), historyId: id };
  } catch {
    return undefined;
  }
}

function exactHistoryId(key: string, value: unknown, context?: ParseContext): unknown {
  if (key !== 'historyId' || typeof value !== 'number') return value;
  return context?.source ?? (Number.isSafeInteger(value) ? String(value) : undefined);
}
