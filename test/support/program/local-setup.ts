import { LocalGoogle } from '../../../src/local-google/local-google';
import type { PushSettings } from '../../../src/local-google/pubsub/push-settings';
import type { PushSubscription } from '../../../src/local-google/pubsub/push-subscription';

const PROJECT = 'inboxwire-local';
const CLIENT = { clientId: 'client-id', clientSecret: 'client-secret' };

/** The push subscription, as the settings of the service and the local Google name it. */
export const PUSH = {
  serviceAccount: `push@${PROJECT}.iam.gserviceaccount.com`,
  subscription: `projects/${PROJECT}/subscriptions/gmail-push`,
  topic: `projects/${PROJECT}/topics/gmail`,
};

export const API_KEY = 'test-key-of-at-least-24-characters';
export const SECRETS = { API_KEY, ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}` };

/** Connections are what a service costs at its start, and most tests do few things at once. */
export const FEW_CONNECTIONS = { DATABASE_POOL_SIZE: '5' };

/** The settings that every service needs, wherever it is. */
export const GOOGLE_SETTINGS = {
  GOOGLE_CLIENT_ID: CLIENT.clientId,
  GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
  PUBSUB_TOPIC: PUSH.topic,
  PUBSUB_SUBSCRIPTION: PUSH.subscription,
  PUBSUB_PUSH_SERVICE_ACCOUNT: PUSH.serviceAccount,
  ALLOW_PRIVATE_ENDPOINTS: 'true',
};

/**
 * A local Google whose ids no earlier run has used: on a database that is kept, a message id that comes again would
 * rightly count as known.
 */
export function startLocalGoogle(seed = Date.now()): Promise<LocalGoogle> {
  return LocalGoogle.start({ ...CLIENT, projectId: PROJECT, seed });
}

/** Higher than those of every earlier run, and above 2^53 as Gmail's may be. */
export function historyStart(): bigint {
  return 2n ** 53n + BigInt(Date.now()) * 1_000n + 1n;
}

/** The push subscription that points at the service. */
export function pushTo(
  google: LocalGoogle,
  origin: string,
  settings: Partial<PushSettings> = {},
): PushSubscription {
  const url = `${origin}/webhooks/gmail`;
  return google.pushTo({ ...PUSH, url, audience: url, backoff: { minMs: 50, maxMs: 1_000 }, ...settings });
}

/** The settings of a gateway that takes the local Google for Google. */
export function localSettings(google: LocalGoogle, port: number) {
  return {
    ...GOOGLE_SETTINGS,
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    GOOGLE_ORIGIN: google.origin,
  };
}
