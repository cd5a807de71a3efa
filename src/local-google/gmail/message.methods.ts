import { allParts } from '../mail/mime-part';
import type { Mailbox } from '../mailbox/mailbox';
import type { StoredMessage } from '../mailbox/stored-message';
import { CAN_DELETE, CAN_MODIFY, CAN_READ, CAN_SEE, isMetadataOnly } from './access';
import { readAttachmentId } from './attachment-id';
import { GmailError, invalidArgument, notFound } from './gmail-error';
import type { GmailCall, GmailMethod } from './gmail-method';
import { briefResource, messageResource, webSafe, type MessageFormat } from './message-resource';
import { listMessages } from './message-list';
import { invalidValue, stringArray } from './parameters';

const FORMATS: readonly MessageFormat[] = ['minimal', 'metadata', 'full', 'raw'];
const message = { shape: 'Message' };
const one = 'messages/*';
/** Gmail gives these by itself, and lets nobody add them: https://developers.google.com/workspace/gmail/api/guides/labels */
const LABELS_OF_GMAIL: readonly string[] = ['SENT', 'DRAFT', 'CHAT'];

export const MESSAGE_METHODS: GmailMethod[] = [
  {
    name: 'gmail.users.messages.list',
    verb: 'GET',
    path: 'messages',
    scopes: CAN_SEE,
    shape: 'ListMessagesResponse',
    run: listMessages,
  },
  { name: 'gmail.users.messages.get', verb: 'GET', path: one, scopes: CAN_SEE, ...message, run: getMessage },
  {
    name: 'gmail.users.messages.attachments.get',
    verb: 'GET',
    path: `${one}/attachments/*`,
    scopes: CAN_READ,
    shape: 'MessagePartBody',
    run: getAttachment,
  },
  {
    name: 'gmail.users.messages.modify',
    verb: 'POST',
    path: `${one}/modify`,
    scopes: CAN_MODIFY,
    ...message,
    run: modify,
  },
  {
    name: 'gmail.users.messages.trash',
    verb: 'POST',
    path: `${one}/trash`,
    scopes: CAN_MODIFY,
    ...message,
    run: (call) => relabel(call, ['TRASH'], ['INBOX']),
  },
  {
    name: 'gmail.users.messages.untrash',
    verb: 'POST',
    path: `${one}/untrash`,
    scopes: CAN_MODIFY,
    ...message,
    run: (call) => relabel(call, [], ['TRASH']),
  },
  {
    name: 'gmail.users.messages.delete',
    verb: 'DELETE',
    path: one,
    scopes: CAN_DELETE,
    shape: 'Empty',
    run: deleteMessage,
  },
];

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/get */
function getMessage({ state, mailbox, scopes, ids, query }: GmailCall): object {
  const asked = (query.get('format') ?? 'full').toLowerCase();
  const format = FORMATS.find((known) => known === asked);
  if (format === undefined) throw invalidValue('format', 'MessageFormat', asked);
  if (isMetadataOnly(scopes) && (format === 'full' || format === 'raw'))
    throw new GmailError(403, 'forbidden', `Metadata scope doesn't allow format ${format.toUpperCase()}`);
  return messageResource(findMessage(mailbox, ids[0]), format, {
    metadataHeaders: query.getAll('metadataHeaders').flatMap((text) => text.split(',')),
    originalCharsets: state.switches.originalCharsets,
    externalTexts: state.switches.externalTexts,
  });
}

function getAttachment({ mailbox, ids }: GmailCall): object {
  const found = findMessage(mailbox, ids[0]);
  const named = readAttachmentId(ids[1] ?? '');
  if (named === null || named.messageId !== found.id) throw invalidArgument('Invalid attachment token');
  for (const part of allParts(found.mail))
    if (part.partId === named.partId) return { size: part.content.length, data: webSafe(part.content) };
  throw notFound();
}

function modify(call: GmailCall): object {
  const add = stringArray(call.body.addLabelIds, 'add_label_ids');
  const remove = stringArray(call.body.removeLabelIds, 'remove_label_ids');
  if (add.length + remove.length === 0) throw invalidArgument('No label add or removes specified');
  const refused = add.find((id) => LABELS_OF_GMAIL.includes(id));
  if (refused !== undefined) throw invalidArgument(`Invalid label: ${refused}`);
  return relabel(call, add, remove);
}

function relabel(
  { state, mailbox, ids }: GmailCall,
  add: readonly string[],
  remove: readonly string[],
): object {
  const found = findMessage(mailbox, ids[0]);
  const missing = [...add, ...remove].find((id) => mailbox.labels.get(id) === null);
  if (missing !== undefined) throw invalidArgument(`Invalid label: ${missing}`);
  state.editor.relabel(mailbox, found, add, remove);
  return briefResource(found);
}

function deleteMessage({ state, mailbox, ids }: GmailCall): null {
  state.editor.record(mailbox, { deleted: [findMessage(mailbox, ids[0]).id] });
  return null;
}

function findMessage(mailbox: Mailbox, id = ''): StoredMessage {
  if (!/^[0-9a-f]{1,16}$/i.test(id)) throw invalidArgument('Invalid id value');
  const found = mailbox.messages.get(id.toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}
