import { notification, wrapped } from '../webhook/push';
import { API_KEY } from '../test-app';
import type { Operation } from './description';
import type { Ask } from './ask';
import { ADA, type PopulatedApp } from './populated-app';

/** Whose `id` a path asks for. */
const ID_OF: [prefix: string, name: 'ada' | 'apiKey' | 'delivered' | 'endpoint' | 'event' | 'session'][] = [
  ['/v1/api-keys', 'apiKey'],
  ['/v1/connect-sessions', 'session'],
  ['/v1/deliveries', 'delivered'],
  ['/v1/endpoints', 'endpoint'],
  ['/v1/events', 'event'],
  ['/v1/mailboxes', 'ada'],
];

const BODIES: Record<string, (populated: PopulatedApp) => object | string> = {
  createApiKey: () => ({ name: 'x', scopes: ['write'], expiresAt: '2099-01-01T00:00:00Z' }),
  createConnectSession: () => ({ redirectUrl: 'https://app.example.com/', labelIds: ['INBOX'] }),
  createMailbox: () => ({ emailAddress: ADA }),
  createMailboxes: () => ({ mailboxes: [{ emailAddress: ADA }, { emailAddress: 'nobody@example.com' }] }),
  updateMailbox: () => ({ externalId: 'customer-4711' }),
  backfillMailbox: () => ({ since: new Date(Date.now() - 60_000).toISOString() }),
  startWatch: () => ({ labelIds: ['INBOX'], labelFilterBehavior: 'include' }),
  createEndpoint: ({ receiver, bob }) => ({
    url: `${receiver.origin}/other`,
    eventTypes: ['message.added'],
    mailboxIds: [bob],
  }),
  updateEndpoint: ({ ada }) => ({ eventTypes: ['message.added'], mailboxIds: [ada], description: 'x' }),
  replayEvents: ({ event }) => ({ after: event }),
  recoverDeliveries: () => ({ since: '2026-01-01T00:00:00Z' }),
  modifyMessage: () => ({ addLabelIds: ['STARRED'] }),
  receivePush: () => wrapped(notification(ADA, '1')),
};

/** A request that the operation does, as it is asked for; what some of them do to the service is for the caller to know. */
export function requestOf({ id, method, path }: Operation, populated: PopulatedApp): Ask {
  const owner = ID_OF.find(([prefix]) => path.startsWith(prefix))?.[1];
  const concrete = path
    .replace('{id}', owner ? populated[owner] : '')
    .replace('{messageId}', populated.message)
    .replace('{attachmentId}', populated.attachment)
    .replace('{token}', populated.token);
  return {
    method,
    path: concrete,
    key: path.startsWith('/v1') ? API_KEY : null,
    ...(id === 'receivePush' && { key: populated.app.google.mintPushToken() }),
    ...(id === 'receiveConsent' && { path: `${concrete}?state=nobody&code=x` }),
    ...(BODIES[id] && { body: BODIES[id](populated) }),
  };
}
