/** Units a call, in force from 2026-05-01: https://developers.google.com/workspace/gmail/api/reference/quota */
export const QUOTA_COSTS = {
  'gmail.users.getProfile': 1,
  'gmail.users.watch': 100,
  'gmail.users.stop': 50,
  'gmail.users.history.list': 2,
  'gmail.users.labels.list': 1,
  'gmail.users.labels.get': 1,
  'gmail.users.messages.list': 5,
  'gmail.users.messages.get': 20,
  'gmail.users.messages.attachments.get': 20,
  'gmail.users.messages.modify': 5,
  'gmail.users.messages.trash': 20,
  'gmail.users.messages.untrash': 20,
  'gmail.users.messages.delete': 10,
} as const;

export type GmailMethodName = keyof typeof QUOTA_COSTS;
