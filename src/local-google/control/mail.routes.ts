import { json } from '../http/exchange';
import type { Mailbox } from '../mailbox/mailbox';
import { headerValue } from '../mail/header-block';
import type { StoredMessage } from '../mailbox/stored-message';
import type { ControlCall, ControlRoute } from './control-route';
import { ControlError, readFields } from './fields';

interface NewMail {
  emailAddress: string;
  from?: string;
  subject?: string;
  text?: string;
  labelIds?: string[];
}

interface LabelChange {
  emailAddress: string;
  messageId: string;
  addLabelIds?: string[];
  removeLabelIds?: string[];
}

/** Accounts, and what happens in their mailboxes. */
export const MAIL_ROUTES: ControlRoute[] = [
  {
    method: 'GET',
    path: '/control/accounts',
    does: 'lists the accounts, with their history id, watch and number of messages',
    run: ({ state }) => json(200, { data: state.mailboxes.all().map(accountOf) }),
  },
  {
    method: 'POST',
    path: '/control/accounts',
    does: 'adds an account with an empty mailbox',
    takes: { emailAddress: 'required' },
    run: addAccount,
  },
  {
    method: 'GET',
    path: '/control/messages',
    does: 'lists the messages of an account, newest first',
    takes: { emailAddress: 'required' },
    run: ({ state, query }) => {
      const { messages } = mailboxOf(state, query.get('emailAddress') ?? '');
      return json(200, { data: [...messages.values()].reverse().map(messageOf) });
    },
  },
  {
    method: 'POST',
    path: '/control/messages',
    does: 'delivers a mail; 201 with its id and threadId',
    takes: {
      emailAddress: 'whose mailbox, required',
      from: 'such as Bob <bob@example.net>',
      subject: '',
      text: '',
      labelIds: 'INBOX and UNREAD by default',
    },
    run: deliver,
  },
  {
    method: 'DELETE',
    path: '/control/messages',
    does: 'deletes a message for good',
    takes: { emailAddress: 'required', id: 'of the message, required' },
    run: ({ state, mailboxes, query }) => {
      const mailbox = mailboxOf(state, query.get('emailAddress') ?? '');
      mailboxes.delete(mailbox.address, messageIn(mailbox, query.get('id') ?? '').id);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: '/control/labels',
    does: 'changes the labels of a message, as its owner does by reading, starring or archiving it',
    takes: { emailAddress: 'required', messageId: 'required', addLabelIds: '', removeLabelIds: '' },
    run: relabel,
  },
];

export function mailboxOf(state: ControlCall['state'], address: string): Mailbox {
  const mailbox = state.mailboxes.find(address);
  if (mailbox !== null) return mailbox;
  const known = state.mailboxes.all().map((other) => other.address);
  throw new ControlError(404, `There is no account "${address}". Accounts: ${known.join(', ') || 'none'}.`);
}

function addAccount({ state, mailboxes, body }: ControlCall) {
  const { emailAddress } = readFields<{ emailAddress: string }>(body, { 'emailAddress!': 'string' });
  if (!/^[^@\s]+@[^@\s]+$/.test(emailAddress))
    throw new ControlError(400, 'emailAddress must be an address.');
  if (state.mailboxes.find(emailAddress) !== null)
    throw new ControlError(409, `${emailAddress} has an account already.`);
  return json(201, accountOf(mailboxes.addAccount(emailAddress)));
}

function deliver({ state, mailboxes, body }: ControlCall) {
  const { emailAddress, ...mail } = readFields<NewMail>(body, {
    'emailAddress!': 'string',
    from: 'string',
    subject: 'string',
    text: 'string',
    labelIds: 'strings',
  });
  const mailbox = mailboxOf(state, emailAddress);
  for (const name of ['from', 'subject'] as const)
    if (/[\r\n]/.test(mail[name] ?? '')) throw new ControlError(400, `"${name}" must be on one line.`);
  mail.labelIds?.forEach((id) => requireLabel(mailbox, id));
  const { id, threadId } = mailboxes.deliver(mailbox.address, mail);
  return json(201, { id, threadId });
}

function relabel({ state, mailboxes, body }: ControlCall) {
  const { emailAddress, messageId, ...change } = readFields<LabelChange>(body, {
    'emailAddress!': 'string',
    'messageId!': 'string',
    addLabelIds: 'strings',
    removeLabelIds: 'strings',
  });
  const mailbox = mailboxOf(state, emailAddress);
  const message = messageIn(mailbox, messageId);
  change.addLabelIds?.forEach((id) => requireLabel(mailbox, id));
  mailboxes.modify(mailbox.address, message.id, change);
  return json(200, messageOf(message));
}

function requireLabel(mailbox: Mailbox, id: string): void {
  if (mailbox.labels.get(id) !== null) return;
  const known = mailbox.labels.list().map((label) => label.id);
  throw new ControlError(400, `There is no label "${id}". Labels: ${known.join(', ')}.`);
}

function messageIn(mailbox: Mailbox, id: string): StoredMessage {
  const message = mailbox.messages.get(id);
  if (message === undefined) throw new ControlError(404, `${mailbox.address} has no message "${id}".`);
  return message;
}

function accountOf({ address, historyId, messages, watch }: Mailbox): object {
  const { topicName, labelIds, expiration } = watch ?? {};
  const live = watch && { topicName, labelIds, expiresAt: new Date(expiration!).toISOString() };
  return { emailAddress: address, historyId: String(historyId), messages: messages.size, watch: live };
}

function messageOf({ id, threadId, labelIds, mail }: StoredMessage): object {
  const subject = headerValue(mail.headers, 'subject') ?? null;
  return { id, threadId, labelIds: [...labelIds], subject, from: headerValue(mail.headers, 'from') ?? null };
}
