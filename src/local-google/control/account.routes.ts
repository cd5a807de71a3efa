import { json } from '../http/exchange';
import type { Mailbox } from '../mailbox/mailbox';
import { GMAIL, isGmailScope } from '../oauth/scopes';
import type { ControlCall, ControlRoute } from './control-route';
import { ControlError, readFields } from './fields';

const SERVICE_ACCOUNT = 'inboxwire';

/** The accounts, who acts for them, and the labels that their owners make. */
export const ACCOUNT_ROUTES: ControlRoute[] = [
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
    method: 'DELETE',
    path: '/control/accounts',
    does: 'deletes an account for good, as an administrator does; added again, it is another account',
    takes: { emailAddress: 'required' },
    run: ({ state, mailboxes, query }) => {
      mailboxes.deleteAccount(mailboxOf(state, query.get('emailAddress') ?? '').address);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: '/control/accounts/rename',
    does: 'gives an account another address, as an administrator does',
    takes: { emailAddress: 'required', newEmailAddress: 'required' },
    run: renameAccount,
  },
  {
    method: 'POST',
    path: '/control/labels/create',
    does: 'makes a label of the owner’s; 201 with its id',
    takes: { emailAddress: 'required', name: 'required' },
    run: createLabel,
  },
  {
    method: 'POST',
    path: '/control/service-accounts',
    does: 'makes a service account that acts for every account, as the administrator of a Workspace does; 201 with its key file',
    takes: { scopes: 'what the administrator enters, such as the GMAIL_SCOPES of the service, required' },
    run: addServiceAccount,
  },
];

export function mailboxOf(state: ControlCall['state'], address: string): Mailbox {
  const mailbox = state.mailboxes.find(address);
  if (mailbox !== null) return mailbox;
  const known = state.mailboxes.all().map((other) => other.address);
  throw new ControlError(404, `There is no account "${address}". Accounts: ${known.join(', ') || 'none'}.`);
}

export function requireLabel(mailbox: Mailbox, id: string): void {
  if (mailbox.labels.get(id) !== null) return;
  const known = mailbox.labels.list().map((label) => label.id);
  throw new ControlError(400, `There is no label "${id}". Labels: ${known.join(', ')}.`);
}

function addAccount({ state, mailboxes, body }: ControlCall) {
  const { emailAddress } = readFields<{ emailAddress: string }>(body, { 'emailAddress!': 'string' });
  requireFree(state, 'emailAddress', emailAddress);
  return json(201, accountOf(mailboxes.addAccount(emailAddress)));
}

function renameAccount({ state, mailboxes, body }: ControlCall) {
  const { emailAddress, newEmailAddress } = readFields<{ emailAddress: string; newEmailAddress: string }>(
    body,
    { 'emailAddress!': 'string', 'newEmailAddress!': 'string' },
  );
  const mailbox = mailboxOf(state, emailAddress);
  requireFree(state, 'newEmailAddress', newEmailAddress);
  mailboxes.renameAccount(mailbox.address, newEmailAddress);
  return json(200, accountOf(mailbox));
}

function createLabel({ state, body }: ControlCall) {
  const { emailAddress, name } = readFields<{ emailAddress: string; name: string }>(body, {
    'emailAddress!': 'string',
    'name!': 'string',
  });
  const { labels } = mailboxOf(state, emailAddress);
  const known = labels.byName(name);
  if (known !== null) throw new ControlError(409, `${emailAddress} has the label ${known.id} of this name.`);
  return json(201, labels.add(name));
}

async function addServiceAccount({ state, body }: ControlCall) {
  const { scopes } = readFields<{ scopes: string[] }>(body, { 'scopes!': 'strings' });
  const unknown = scopes.find((scope) => !isGmailScope(scope));
  if (unknown !== undefined || scopes.length === 0)
    throw new ControlError(400, `"scopes" must be scopes of Gmail, such as ${GMAIL}readonly.`);
  const key = await state.serviceAccounts.add(SERVICE_ACCOUNT);
  state.serviceAccounts.authorize(key.client_id, scopes);
  return json(201, key);
}

/** Throws unless an account can have this address. */
function requireFree(state: ControlCall['state'], field: string, address: string): void {
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) throw new ControlError(400, `${field} must be an address.`);
  if (state.mailboxes.find(address) !== null)
    throw new ControlError(409, `${address} has an account already.`);
}

function accountOf({ address, historyId, messages, watch }: Mailbox): object {
  const { topicName, labelIds, expiration } = watch ?? {};
  const live = watch && { topicName, labelIds, expiresAt: new Date(expiration!).toISOString() };
  return { emailAddress: address, historyId: String(historyId), messages: messages.size, watch: live };
}
