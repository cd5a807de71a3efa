import type { EncryptionKey } from '../common/keyring';
import type { ServiceAccountKey } from './service-account-key';

/** The settings in slices: a class injects the one it needs and sees no other. Durations are in milliseconds. */

export class ServerSettings {
  port!: number;
  host!: string;
  /** Origin without a trailing slash. */
  publicUrl!: string;
  logLevel!: string;
}

export class SecretSettings {
  apiKey!: string;
  encryptionKeys!: EncryptionKey[];
}

export class ApiSettings {
  /** Requests that one key may send in a minute to one process; 0: any number. */
  rateLimit!: number;
}

export class DatabaseSettings {
  url!: string;
  /** How many connections one process holds at most, the listener's own not counted. */
  poolSize!: number;
}

export class GoogleSettings {
  clientId!: string;
  clientSecret!: string;
  /** With domain-wide delegation, for mailboxes that need no consent. */
  serviceAccount?: ServiceAccountKey | undefined;
  /** Replaces the origin of every Google URL when set. */
  origin: string | undefined;
  /** The way out to Google, when there is no other; `exceptions` in the form of NO_PROXY. */
  proxy?: { url: string; exceptions: string };
  gmailScopes!: string[];
  /** Whether the OAuth client serves nobody else: revoking a consent ends all that its owner ever gave the client. */
  revokeUnusableConsents!: boolean;
  pushTopic!: string;
}

/** What Google lets this project do in a minute, in quota units. */
export class QuotaSettings {
  perMailbox!: number;
  perProject!: number;
}

/** How notifications come, and how Pub/Sub is reached by its library. */
export class PubsubSettings {
  delivery!: 'push' | 'pull';
  subscription!: string;
  /** Of the topic. */
  projectId!: string;
  /** An emulator in place of Google's Pub/Sub. */
  emulatorHost: string | undefined;
  /** Unset: wherever else Application Default Credentials come from. */
  credentialsFile: string | undefined;
}

export class PushSettings {
  subscription!: string;
  /** Empty where nothing is pushed. */
  serviceAccount!: string;
  audience!: string;
}

export type LabelFilterBehavior = 'include' | 'exclude';

export class WatchSettings {
  labelIds!: string[];
  labelFilterBehavior!: LabelFilterBehavior;
  renewBefore!: number;
  renewalInterval!: number;
}

export type MessagePayload = 'ids' | 'metadata' | 'full';

export class SyncSettings {
  reconcileInterval!: number;
}

/** What is reported of messages. */
export class MessageSettings {
  payload!: MessagePayload;
  /** Names in lower case, each once. */
  headers!: string[];
  /** With `none`, changes of drafts are left out. */
  drafts!: 'all' | 'none';
  /** Whether changes of labels that were made through the API are left out. */
  suppressOwnChanges!: boolean;
}

export class DeliverySettings {
  retryDelays!: number[];
  allowPrivateEndpoints!: boolean;
}

export class EventSettings {
  retention!: number;
}

/** The web console. */
export class ConsoleSettings {
  enabled!: boolean;
  /** What the settings were read from, for the checks of the setup page. */
  environment!: Readonly<Record<string, string | undefined>>;
}

/** What the pages for owners of mailboxes can be written in. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The pages that owners of mailboxes see, and who it is that asks them. */
export class BrandSettings {
  /** Whether a page comes before Google's. */
  connectPage!: boolean;
  name!: string;
  logoUrl: string | undefined;
  /** #rrggbb */
  accentColor!: string;
  privacyUrl: string | undefined;
  supportUrl: string | undefined;
  /** Who prefers none of them gets the first. */
  languages!: Language[];
}

/** Every slice, as built from one environment. */
export interface Settings {
  server: ServerSettings;
  secrets: SecretSettings;
  api: ApiSettings;
  database: DatabaseSettings;
  google: GoogleSettings;
  quota: QuotaSettings;
  push: PushSettings;
  pubsub: PubsubSettings;
  watch: WatchSettings;
  sync: SyncSettings;
  message: MessageSettings;
  delivery: DeliverySettings;
  event: EventSettings;
  console: ConsoleSettings;
  brand: BrandSettings;
}
