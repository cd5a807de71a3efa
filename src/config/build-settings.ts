import { parseDuration } from '../common/duration';
import { proxyUrl, splitList } from './accepted-values';
import { parseEncryptionKeys } from './encryption-keys';
import type { EnvironmentVariables } from './environment-variables';
import { readServiceAccountKey } from './service-account-key';
import type { LabelFilterBehavior, Language, MessagePayload, Settings } from './settings';

/** What is given with `DATABASE_URL`, or generated beside the embedded database. */
export interface Essentials {
  databaseUrl: string;
  apiKey: string;
  encryptionKeys: string;
}

/** Turns validated variables into typed settings, with the defaults that depend on others filled in. */
export function buildSettings(variables: EnvironmentVariables, essentials: Essentials): Settings {
  const publicUrl = new URL(variables.PUBLIC_URL ?? `http://localhost:${variables.PORT}`).origin;
  return {
    server: { port: Number(variables.PORT), host: variables.HOST, publicUrl, logLevel: variables.LOG_LEVEL },
    secrets: { apiKey: essentials.apiKey, encryptionKeys: parseEncryptionKeys(essentials.encryptionKeys)! },
    api: { rateLimit: Number(variables.API_RATE_LIMIT) },
    database: { url: essentials.databaseUrl, poolSize: Number(variables.DATABASE_POOL_SIZE) },
    google: googleSettings(variables),
    quota: {
      perMailbox: Number(variables.GMAIL_UNITS_PER_MINUTE_MAILBOX),
      perProject: Number(variables.GMAIL_UNITS_PER_MINUTE_PROJECT),
    },
    push: {
      subscription: variables.PUBSUB_SUBSCRIPTION,
      serviceAccount: variables.PUBSUB_PUSH_SERVICE_ACCOUNT ?? '',
      audience: variables.PUBSUB_PUSH_AUDIENCE ?? `${publicUrl}/webhooks/gmail`,
    },
    pubsub: pubsubSettings(variables),
    watch: {
      labelIds: splitList(variables.WATCH_LABEL_IDS),
      labelFilterBehavior: variables.WATCH_LABEL_FILTER_BEHAVIOR as LabelFilterBehavior,
      renewBefore: parseDuration(variables.WATCH_RENEW_BEFORE)!,
      renewalInterval: parseDuration(variables.WATCH_RENEWAL_INTERVAL)!,
    },
    sync: { reconcileInterval: parseDuration(variables.RECONCILE_INTERVAL)! },
    message: {
      payload: variables.MESSAGE_PAYLOAD as MessagePayload,
      headers: readHeaderNames(variables.MESSAGE_HEADERS),
      drafts: variables.DRAFTS as 'all' | 'none',
      suppressOwnChanges: variables.SUPPRESS_OWN_CHANGES === 'true',
    },
    delivery: {
      retryDelays: variables.DELIVERY_RETRY_DELAYS.split(',').map((delay) => parseDuration(delay)!),
      allowPrivateEndpoints: variables.ALLOW_PRIVATE_ENDPOINTS === 'true',
    },
    event: { retention: parseDuration(variables.EVENT_RETENTION)! },
    console: { enabled: variables.CONSOLE === 'true', environment: { ...variables } },
    brand: brandSettings(variables, publicUrl),
  };
}

function readHeaderNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return [...new Set(names.filter((name) => name !== ''))];
}

function googleSettings(variables: EnvironmentVariables): Settings['google'] {
  return {
    clientId: variables.GOOGLE_CLIENT_ID,
    clientSecret: variables.GOOGLE_CLIENT_SECRET,
    serviceAccount:
      variables.GOOGLE_SERVICE_ACCOUNT_KEY === undefined
        ? undefined
        : readServiceAccountKey(variables.GOOGLE_SERVICE_ACCOUNT_KEY),
    origin: variables.GOOGLE_ORIGIN && new URL(variables.GOOGLE_ORIGIN).origin,
    proxy:
      variables.HTTPS_PROXY === undefined
        ? undefined
        : { url: proxyUrl(variables.HTTPS_PROXY), exceptions: variables.NO_PROXY ?? '' },
    gmailScopes: variables.GMAIL_SCOPES.split(' '),
    revokeUnusableConsents: variables.REVOKE_UNUSABLE_CONSENTS === 'true',
    pushTopic: variables.PUBSUB_TOPIC,
  };
}

function brandSettings(variables: EnvironmentVariables, publicUrl: string): Settings['brand'] {
  return {
    connectPage: variables.CONNECT_PAGE === 'true',
    // What the owner reads in the address bar too.
    name: variables.BRAND_NAME ?? new URL(publicUrl).host,
    logoUrl: variables.BRAND_LOGO_URL,
    accentColor: variables.BRAND_ACCENT_COLOR.toLowerCase(),
    privacyUrl: variables.BRAND_PRIVACY_URL,
    supportUrl: variables.BRAND_SUPPORT_URL,
    languages: splitList(variables.BRAND_LANGUAGES) as Language[],
  };
}

function pubsubSettings(variables: EnvironmentVariables): Settings['pubsub'] {
  return {
    delivery: variables.PUBSUB_DELIVERY as 'push' | 'pull',
    subscription: variables.PUBSUB_SUBSCRIPTION,
    projectId: variables.PUBSUB_TOPIC.split('/')[1]!,
    emulatorHost: variables.PUBSUB_EMULATOR_HOST,
    credentialsFile: variables.GOOGLE_APPLICATION_CREDENTIALS,
  };
}
