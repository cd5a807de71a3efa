import { CAN_SEE, CAN_SEE_PROFILE } from './access';
import { GmailError, invalidArgument } from './gmail-error';
import type { GmailCall, GmailMethod } from './gmail-method';
import { stringArray } from './parameters';

export const WATCH_METHODS: GmailMethod[] = [
  {
    name: 'gmail.users.watch',
    verb: 'POST',
    path: 'watch',
    scopes: CAN_SEE,
    shape: 'WatchResponse',
    run: watch,
  },
  { name: 'gmail.users.stop', verb: 'POST', path: 'stop', scopes: CAN_SEE, shape: 'Empty', run: stop },
  {
    name: 'gmail.users.getProfile',
    verb: 'GET',
    path: 'profile',
    scopes: CAN_SEE_PROFILE,
    shape: 'Profile',
    run: profile,
  },
];

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/watch */
function watch({ state, mailbox, body }: GmailCall): object {
  const topicName = typeof body.topicName === 'string' ? body.topicName : '';
  const labelIds = stringArray(body.labelIds, 'label_ids');
  checkTopic(topicName, state.projectId);
  const missing = labelIds.find((id) => mailbox.labels.get(id) === null);
  if (missing !== undefined) throw invalidArgument(`Invalid label: ${missing}`);
  const now = state.clock.now();
  const before = mailbox.watches.get(state.projectId);
  if (before && before.expiration > now && before.topicName !== topicName) throw otherClient();
  if (!state.topics.accepts(topicName)) throw notAuthorized(topicName);
  const expiration = now + state.switches.watchTtlMs;
  mailbox.watches.set(state.projectId, { topicName, labelIds, behavior: behaviorOf(body), expiration });
  state.notifications.send(mailbox);
  return { historyId: String(mailbox.historyId), expiration: String(expiration) };
}

function behaviorOf(body: Record<string, unknown>): 'include' | 'exclude' {
  const given = body.labelFilterBehavior ?? body.labelFilterAction ?? 'include';
  const behavior = typeof given === 'string' ? given.toLowerCase() : '';
  if (behavior === 'include' || behavior === 'exclude') return behavior;
  throw invalidArgument("Invalid value at 'label_filter_behavior'");
}

function checkTopic(topicName: string, projectId: string): void {
  const prefix = `projects/${projectId}/topics/`;
  if (topicName.startsWith(prefix) && /^[^/\s]+$/.test(topicName.slice(prefix.length))) return;
  throw invalidArgument(`Invalid topicName does not match ${prefix}*`);
}

function otherClient(): GmailError {
  const message = 'Only one user push notification client allowed per developer (call /stop then try again)';
  return new GmailError(400, 'failedPrecondition', message);
}

function notAuthorized(topicName: string): GmailError {
  const message = `Error sending test message to Cloud PubSub ${topicName} : User not authorized to perform this action.`;
  return new GmailError(403, 'forbidden', message);
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/stop */
function stop({ state, mailbox }: GmailCall): null {
  mailbox.watches.delete(state.projectId);
  return null;
}

function profile({ mailbox }: GmailCall): object {
  return {
    emailAddress: mailbox.address,
    messagesTotal: mailbox.messages.size,
    threadsTotal: new Set([...mailbox.messages.values()].map((message) => message.threadId)).size,
    historyId: String(mailbox.historyId),
  };
}
