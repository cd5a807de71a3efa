/**
 * What the calls cost in quota units, in force since 2026-05-01. A batch costs what its calls cost.
 * @see https://developers.google.com/workspace/gmail/api/reference/quota
 */
export const PRICES = {
  'users.getProfile': 1,
  'users.history.list': 2,
  'users.labels.list': 1,
  'users.messages.get': 20,
  'users.messages.attachments.get': 20,
  'users.messages.list': 5,
  'users.stop': 50,
  'users.watch': 100,
} as const;

export type GmailMethod = keyof typeof PRICES;
