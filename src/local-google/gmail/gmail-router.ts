import { HISTORY_METHODS } from './history.methods';
import { LABEL_METHODS } from './label.methods';
import { MESSAGE_METHODS } from './message.methods';
import type { GmailMethod } from './gmail-method';
import { WATCH_METHODS } from './watch.methods';

export interface GmailRoute {
  method: GmailMethod;
  userId: string;
  ids: string[];
}

const METHODS = [...WATCH_METHODS, ...HISTORY_METHODS, ...LABEL_METHODS, ...MESSAGE_METHODS].map(
  (method) => ({
    method,
    pattern: new RegExp(`^/gmail/v1/users/([^/]+)/${method.path.replaceAll('*', '([^/]+)')}$`),
  }),
);

export function findGmailRoute(verb: string, path: string): GmailRoute | null {
  for (const { method, pattern } of METHODS) {
    const match = method.verb === verb ? pattern.exec(path) : null;
    if (match === null) continue;
    const [userId = '', ...ids] = match.slice(1).map(decode);
    return { method, userId, ids };
  }
  return null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
