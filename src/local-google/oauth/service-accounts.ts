import { type KeyObject, randomInt, verify } from 'node:crypto';
import { newSigningKey } from '../keys/signing-key';
import { invalidGrant, OAuthError } from './oauth-error';

/** What a key file of a service account holds. */
export interface ServiceAccountKeyFile {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  token_uri: string;
}

interface ServiceAccount {
  clientId: string;
  keys: Map<string, KeyObject>;
  /** What administrators have authorized it for. */
  delegated: Set<string>;
}

/** For whom a service account acts, and with which scopes. */
export interface DelegatedRequest {
  subject: string;
  scopes: string[];
}

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const MAX_LIFE_SECONDS = 3_600;
/** By how much the clocks may differ. */
const TOLERANCE_SECONDS = 300;

/** Service accounts, their keys, and domain-wide delegation: https://developers.google.com/identity/protocols/oauth2/service-account */
export class ServiceAccounts {
  private readonly accounts = new Map<string, ServiceAccount>();

  constructor(private readonly projectId: string) {}

  /** Makes a service account, and a key of it. */
  async add(name: string): Promise<ServiceAccountKeyFile> {
    const email = `${name}@${this.projectId}.iam.gserviceaccount.com`;
    const account = this.accounts.get(email) ?? {
      clientId: `1${Array.from({ length: 20 }, () => randomInt(10)).join('')}`,
      keys: new Map<string, KeyObject>(),
      delegated: new Set<string>(),
    };
    this.accounts.set(email, account);
    const { kid, privateKey, publicKey } = await newSigningKey();
    account.keys.set(kid, publicKey);
    return {
      type: 'service_account',
      project_id: this.projectId,
      private_key_id: kid,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      client_email: email,
      client_id: account.clientId,
      token_uri: AUDIENCE,
    };
  }

  /** An administrator enters the client id with these scopes, in place of those before. */
  authorize(clientId: string, scopes: readonly string[]): void {
    this.byClientId(clientId).delegated = new Set(scopes);
  }

  deleteKeys(clientId: string): void {
    this.byClientId(clientId).keys.clear();
  }

  /** Checks an assertion as strictly as Google does. Whether its subject exists is for the caller to know. */
  check(assertion: string): DelegatedRequest {
    const [head = '', payload = '', signature = '', ...rest] = assertion.split('.');
    const header = decode(head);
    const { iss, sub, aud, scope, iat, exp } = decode(payload);
    if (rest.length > 0 || header.alg !== 'RS256')
      throw invalidGrant('Invalid JWT: wrong form or algorithm.');
    const account = this.accounts.get(String(iss));
    if (!account) throw invalidGrant('Invalid grant: account not found');
    const signed = Buffer.from(`${head}.${payload}`);
    const bytes = Buffer.from(signature, 'base64url');
    const named = account.keys.get(String(header.kid));
    const keys = header.kid === undefined ? [...account.keys.values()] : named ? [named] : [];
    if (!keys.some((key) => verify('sha256', signed, key, bytes)))
      throw invalidGrant('Invalid JWT Signature.');
    if (aud !== AUDIENCE) throw invalidGrant('Invalid JWT: Failed audience check.');
    checkTime(iat, exp);
    if (typeof scope !== 'string' || !scope)
      throw new OAuthError(400, 'invalid_scope', 'Empty or missing scope not allowed.');
    if (typeof sub !== 'string' || !sub.includes('@')) throw invalidGrant('Not a valid email or user ID.');
    const scopes = scope.split(' ');
    const isConsumer = /@(gmail|googlemail)\.com$/i.test(sub);
    if (isConsumer || scopes.some((one) => !account.delegated.has(one)))
      throw new OAuthError(
        401,
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      );
    return { subject: sub, scopes };
  }

  private byClientId(clientId: string): ServiceAccount {
    const account = [...this.accounts.values()].find((one) => one.clientId === clientId);
    if (!account) throw new Error(`There is no service account ${clientId}`);
    return account;
  }
}

function checkTime(iat: unknown, exp: unknown): void {
  const now = Date.now() / 1_000;
  const isSound =
    typeof iat === 'number' &&
    typeof exp === 'number' &&
    iat <= now + TOLERANCE_SECONDS &&
    exp > now - TOLERANCE_SECONDS &&
    exp > iat &&
    exp - iat <= MAX_LIFE_SECONDS;
  if (!isSound)
    throw invalidGrant(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
}

/** The payload of a JWS, or nothing. */
export function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
