import type { Mailbox } from '../api-types';
import { eventually } from '../eventually';
import type { TestApp } from '../test-app';
import { unsigned } from './unsigned';

/** Where the application of these sessions wants the owner back. */
export const APP = 'https://app.example/done';

/** What the specs about accounts and addresses do with mailboxes, again and again. */
export function ownersOf(running: () => TestApp) {
  let people = 0;
  const newAddress = (domain = 'example.com') => `id-${++people}@${domain}`;
  const newMailbox = (address = newAddress()) => running().connect(address);
  const view = (id: string) => running().api.get(`/v1/mailboxes/${id}`);
  const list = async (emailAddress: string): Promise<Mailbox[]> =>
    (await running().api.get(`/v1/mailboxes?emailAddress=${encodeURIComponent(emailAddress)}`)).data;
  const eventsOf = <const Types extends string>(id: string, types: Types) =>
    running().api.events({ mailboxId: id, types });
  const changesOf = async (id: string) =>
    (await eventsOf(id, 'mailbox.address_changed')).map(({ data }) => data);
  const added = async (id: string) => (await eventsOf(id, 'message.added')).map(({ data }) => data.messageId);
  const sync = (id: string) => running().api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
  const has = (id: string, emailAddress: string) =>
    eventually(async () => (await view(id)).emailAddress === emailAddress);
  const arrives = (id: string, { id: messageId }: { id: string }) =>
    eventually(async () => (await added(id)).includes(messageId));
  const renew = (id: string) =>
    running().database.dataSource.query(`UPDATE watches SET renew_at = now() WHERE mailbox_id = $1`, [id]);
  /** As a mailbox that was connected before accounts were known. */
  const forgetAccount = (id: string) =>
    running().database.dataSource.query('UPDATE mailboxes SET google_account_id = NULL WHERE id = $1', [id]);
  const reconnect = async (emailAddress: string, session: object = {}) => {
    const { url } = await running().api.post('/v1/connect-sessions', { redirectUrl: APP, ...session }, 201);
    const callback = await running().google.consent(url, { account: emailAddress });
    return unsigned((await running().google.browser.visit(callback)).headers.get('location')!);
  };

  const calls = () => ({
    revokes: running().google.requests.count({ method: 'oauth2.revoke' }),
    stops: running().google.requests.count({ method: 'gmail.users.stop' }),
  });

  function push(emailAddress: string, historyId: string) {
    const data = Buffer.from(JSON.stringify({ emailAddress, historyId })).toString('base64');
    return fetch(`${running().service.address}/webhooks/gmail`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${running().google.mintPushToken()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        message: { data, messageId: '1' },
        subscription: running().pushes.settings.subscription,
      }),
    });
  }

  return {
    newAddress,
    newMailbox,
    view,
    list,
    eventsOf,
    changesOf,
    added,
    sync,
    has,
    arrives,
    renew,
    forgetAccount,
    reconnect,
    calls,
    push,
  };
}
