import { json } from '../http/exchange';
import type { Mailbox } from '../mailbox/mailbox';
import { headerValue } from '../mail/header-block';
import type { StoredMessage } from '../mailbox/stored-message';
import { mailboxOf, requireLabel } from './account.routes';
import type { ControlCall, ControlRoute } from './control-route';
import { ControlError, readFields } from './fields';
import { mailOf, NEW_MAIL, NEW_MAIL_WORDS, type NewMail } from './new-mail';

interface LabelChange {
  emailAddress: string;
  messageId: string;
  addLabelIds?: string[];
  removeLabelIds?: string[];
}

/** What happens in the mailboxes. */
export const MAIL_ROUTES: ControlRoute[] = [
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
    takes: { emailAddress: 'whose mailbox, required', ...NEW_MAIL_WORDS },
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

function deliver({ state, mailboxes, body }: ControlCall) {
  const { emailAddress, ...mail } = readFields<NewMail & { emailAddress: string }>(body, {
    'emailAddress!': 'string',
    ...NEW_MAIL,
  });
  const mailbox = mailboxOf(state, emailAddress);
  mail.labelIds?.forEach((id) => requireLabel(mailbox, id));
  const { id, threadId } = mailboxes.deliver(mailbox.address, mailOf(mail));
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

function messageIn(mailbox: Mailbox, id: string): StoredMessage {
  const message = mailbox.messages.get(id);
  if (message === undefined) throw new ControlError(404, `${mailbox.address} has no message "${id}".`);
  return message;
}

function messageOf({ id, threadId, labelIds, mail }: StoredMessage): object {
  const subject = headerValue(mail.headers, 'subject') ?? null;
  return { id, threadId, labelIds: [...labelIds], subject, from: headerValue(mail.headers, 'from') ?? null };
}
