import {
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MinLength,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { API_KEY_CHARACTERS, MIN_API_KEY_LENGTH } from './api-key-form';
import { databaseUrlFault } from './database-url-fault';
import { IsDuration } from './is-duration';
import { acceptsEncryptionKeys } from './encryption-keys';
import { serviceAccountKeyFault } from './service-account-key';
import {
  acceptsGoogleOrigin,
  acceptsLanguages,
  acceptsPageUrl,
  acceptsPoolSize,
  acceptsPort,
  acceptsProxy,
  acceptsPublicUrl,
  acceptsRateLimit,
  acceptsUnits,
} from './accepted-values';

const By = (
  name: string,
  message: ValidationOptions['message'],
  accepts: (text: string) => boolean,
): PropertyDecorator =>
  ValidateBy(
    { name, validator: { validate: (value: unknown) => typeof value === 'string' && accepts(value) } },
    { message: message! },
  );

/** `1` and `0` are refused: whoever writes `CONSOLE=1` must not get the opposite. */
const IsTrueOrFalse = (): PropertyDecorator => IsIn(['true', 'false'], { message: 'true or false' });

const PAGE_URL = 'an https URL, or http on a loopback address';

const UNITS = 'quota units, a whole number from 3000 on';
/** RFC 5322 section 2.2. */
const HEADER_NAMES = /^( *[!-+\--9;-~]+ *(, *[!-+\--9;-~]+ *)*)?$/;
const ONE_OR_MORE_SCOPES = /^https:\/\/[^\s,]+( https:\/\/[^\s,]+)*$/;

/**
 * The environment as it is read: one property for each variable, every value a string. The messages complete the
 * sentence "expected …". `.env.example` is held equal to this class by a test.
 */
export class EnvironmentVariables {
  @By('port', 'a TCP port, 0 to 65535', acceptsPort)
  PORT = '3000';

  @IsNotEmpty({ message: 'an address to listen on' })
  HOST = '127.0.0.1';

  @IsOptional()
  @By(
    'publicUrl',
    'an http(s) origin that browsers and Pub/Sub reach, such as https://mail.example.com',
    acceptsPublicUrl,
  )
  PUBLIC_URL?: string;

  @IsOptional()
  @By(
    'databaseUrl',
    ({ value }) => databaseUrlFault(value as string)!,
    (text) => databaseUrlFault(text) === undefined,
  )
  DATABASE_URL?: string;

  @By('poolSize', 'connections to PostgreSQL, a whole number from 5 to 999', acceptsPoolSize)
  DATABASE_POOL_SIZE = '20';

  @IsNotEmpty({ message: 'a directory' })
  DATA_DIR = './.data';

  @IsOptional()
  @MinLength(MIN_API_KEY_LENGTH, {
    message: 'at least 24 characters; `openssl rand -base64 32` makes a good one',
  })
  @Matches(API_KEY_CHARACTERS, { message: 'printable ASCII without spaces' })
  API_KEY?: string;

  @By('rateLimit', 'requests a minute, a whole number; 0 for any number', acceptsRateLimit)
  API_RATE_LIMIT = '30000';

  @IsOptional()
  @By(
    'encryptionKeys',
    'id:base64-of-32-bytes, comma separated, each id once; `openssl rand -base64 32` makes a key',
    acceptsEncryptionKeys,
  )
  ENCRYPTION_KEYS?: string;

  @IsNotEmpty({ message: 'the client id of a Google OAuth web client' })
  @IsString({ message: 'the client id of a Google OAuth web client' })
  GOOGLE_CLIENT_ID!: string;

  @IsNotEmpty({ message: 'the secret of that client' })
  @IsString({ message: 'the secret of that client' })
  GOOGLE_CLIENT_SECRET!: string;

  @IsOptional()
  @By(
    'serviceAccountKey',
    ({ value }) => serviceAccountKeyFault(value as string)!,
    (path) => serviceAccountKeyFault(path) === undefined,
  )
  GOOGLE_SERVICE_ACCOUNT_KEY?: string;

  @IsOptional()
  @By('googleOrigin', 'an https origin, or http on a loopback address', acceptsGoogleOrigin)
  GOOGLE_ORIGIN?: string;

  @IsOptional()
  @By('proxy', 'the URL of an HTTP proxy, such as http://proxy.example.com:3128', acceptsProxy)
  HTTPS_PROXY?: string;

  @IsOptional()
  @IsString({ message: 'host names, comma separated' })
  NO_PROXY?: string;

  @Matches(/^projects\/[^/\s]+\/topics\/[^/\s]+$/, { message: 'projects/PROJECT/topics/TOPIC' })
  PUBSUB_TOPIC!: string;

  @Matches(/^projects\/[^/\s]+\/subscriptions\/[^/\s]+$/, {
    message: 'projects/PROJECT/subscriptions/SUBSCRIPTION',
  })
  PUBSUB_SUBSCRIPTION!: string;

  @IsIn(['push', 'pull'], { message: 'push or pull' })
  PUBSUB_DELIVERY = 'push';

  @ValidateIf(({ PUBSUB_DELIVERY, PUBSUB_PUSH_SERVICE_ACCOUNT }: EnvironmentVariables) => {
    return PUBSUB_DELIVERY !== 'pull' || PUBSUB_PUSH_SERVICE_ACCOUNT !== undefined;
  })
  @Matches(/^[^@\s]+@[^@\s]+$/, { message: 'the e-mail address of the service account that signs pushes' })
  PUBSUB_PUSH_SERVICE_ACCOUNT?: string;

  @IsOptional()
  @IsNotEmpty({ message: 'the audience that the push subscription is configured with' })
  PUBSUB_PUSH_AUDIENCE?: string;

  @IsOptional()
  @Matches(/^(https?:\/\/)?[^\s/]+\/?$/, {
    message: 'the address of a Pub/Sub emulator, such as 127.0.0.1:8085',
  })
  PUBSUB_EMULATOR_HOST?: string;

  @IsOptional()
  @IsString({ message: 'the path to a file of Google credentials' })
  GOOGLE_APPLICATION_CREDENTIALS?: string;

  @Matches(/^[^,\s]+(\s*,\s*[^,\s]+)*$/, { message: 'label ids, comma separated, such as INBOX,SENT' })
  WATCH_LABEL_IDS = 'INBOX';

  @IsIn(['include', 'exclude'], { message: 'include or exclude' })
  WATCH_LABEL_FILTER_BEHAVIOR = 'include';

  @IsDuration({ min: '1s', max: '30d' })
  WATCH_RENEW_BEFORE = '24h';

  @IsDuration({ min: '10ms', max: '1d' })
  WATCH_RENEWAL_INTERVAL = '1m';

  @IsDuration({ min: '50ms', max: '30d' })
  RECONCILE_INTERVAL = '10m';

  @IsIn(['ids', 'metadata', 'full'], { message: 'ids, metadata or full' })
  MESSAGE_PAYLOAD = 'metadata';

  @Matches(HEADER_NAMES, {
    message: 'names of headers, comma separated, such as X-Priority,List-Unsubscribe',
  })
  MESSAGE_HEADERS = '';

  @IsIn(['all', 'none'], { message: 'all or none' })
  DRAFTS = 'all';

  @IsTrueOrFalse()
  SUPPRESS_OWN_CHANGES = 'false';

  @Matches(ONE_OR_MORE_SCOPES, { message: 'Gmail scopes (URLs), separated by spaces' })
  GMAIL_SCOPES = 'https://www.googleapis.com/auth/gmail.readonly';

  @By('units', UNITS, acceptsUnits)
  GMAIL_UNITS_PER_MINUTE_MAILBOX = '6000';

  @By('units', UNITS, acceptsUnits)
  GMAIL_UNITS_PER_MINUTE_PROJECT = '1200000';

  @IsDuration({ min: '1ms', max: '30d', list: 1000 })
  DELIVERY_RETRY_DELAYS = '5s,5m,30m,2h,5h,10h,10h';

  @IsDuration({ min: '1s', max: '3650d' })
  EVENT_RETENTION = '30d';

  @IsTrueOrFalse()
  ALLOW_PRIVATE_ENDPOINTS = 'false';

  @IsTrueOrFalse()
  REVOKE_UNUSABLE_CONSENTS = 'false';

  @IsTrueOrFalse()
  CONSOLE = 'true';

  @IsTrueOrFalse()
  CONNECT_PAGE = 'false';

  @IsOptional()
  @Matches(/^\P{Cc}{1,80}$/u, { message: 'a name of at most 80 characters' })
  BRAND_NAME?: string;

  @IsOptional()
  @By('pageUrl', PAGE_URL, acceptsPageUrl)
  BRAND_LOGO_URL?: string;

  @Matches(/^#[0-9a-f]{6}$/i, { message: 'a colour, as #rrggbb' })
  BRAND_ACCENT_COLOR = '#1f5eff';

  @IsOptional()
  @By('pageUrl', PAGE_URL, acceptsPageUrl)
  BRAND_PRIVACY_URL?: string;

  @IsOptional()
  @By('pageUrl', PAGE_URL, acceptsPageUrl)
  BRAND_SUPPORT_URL?: string;

  @By('languages', 'some of en,de,fr,es,ja, comma separated', acceptsLanguages)
  BRAND_LANGUAGES = 'en,de,fr,es,ja';

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    message: 'fatal, error, warn, info, debug, trace or silent',
  })
  LOG_LEVEL = 'info';
}
