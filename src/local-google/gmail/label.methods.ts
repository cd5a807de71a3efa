import type { Label } from '../mailbox/labels';
import { CAN_LIST_LABELS } from './access';
import { notFound } from './gmail-error';
import type { GmailCall, GmailMethod } from './gmail-method';

export const LABEL_METHODS: GmailMethod[] = [
  {
    name: 'gmail.users.labels.list',
    verb: 'GET',
    path: 'labels',
    scopes: CAN_LIST_LABELS,
    shape: 'ListLabelsResponse',
    run: ({ mailbox }) => ({ labels: mailbox.labels.list().map(brief) }),
  },
  {
    name: 'gmail.users.labels.get',
    verb: 'GET',
    path: 'labels/*',
    scopes: CAN_LIST_LABELS,
    shape: 'Label',
    run: getLabel,
  },
];

function brief({ id, name, type }: Label): object {
  const visibility = { messageListVisibility: 'show', labelListVisibility: 'labelShow' };
  return { id, name, ...(type === 'user' ? visibility : {}), type };
}

function getLabel({ mailbox, ids }: GmailCall): object {
  const label = mailbox.labels.get(ids[0] ?? '');
  if (label === null) throw notFound();
  const messages = [...mailbox.messages.values()].filter((message) => message.labelIds.has(label.id));
  const unread = messages.filter((message) => message.labelIds.has('UNREAD'));
  return {
    ...brief(label),
    messagesTotal: messages.length,
    messagesUnread: unread.length,
    threadsTotal: new Set(messages.map((message) => message.threadId)).size,
    threadsUnread: new Set(unread.map((message) => message.threadId)).size,
  };
}
