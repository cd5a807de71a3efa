import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { googleUrl } from '../config/google-url';
import { GoogleSettings } from '../config/settings';
import { GoogleKeysUnavailableError } from './webhook.errors';

/** Google's keys live for hours; a missing or unreadable header must not mean a fetch for each push. */
const DEFAULT_MAX_AGE_MS = 3_600_000;

/** For how many milliseconds a response may be cached, by its `Cache-Control` (RFC 9111 section 5.2.2). */
export function maxAge(cacheControl: string | null): number {
  if (/\bno-(store|cache)\b/i.test(cacheControl ?? '')) return 0;
  const seconds = /\bmax-age=(\d+)/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? DEFAULT_MAX_AGE_MS : Number(seconds) * 1_000;
}

const CERTS = 'https://www.googleapis.com/oauth2/v3/certs';
const FETCH_TIMEOUT_MS = 3_000;
/** While the key endpoint is away, how long old keys still serve, and how long until it is asked again (ms). */
const MAX_STALE_MS = 24 * 3_600_000;
const RETRY_INTERVAL_MS = 5_000;
/** Unknown key ids that may cause a fetch: so many at once, and one more each so many milliseconds. Forged ids are free. */
const MAX_UNKNOWN_KIDS = 10;
const UNKNOWN_KID_REFILL_INTERVAL_MS = 6_000;

/** Keys by their ids. Never changed: new keys are a new set. */
export type KeySet = ReadonlyMap<string, KeyObject>;

/** Google's public signing keys: cached as their headers allow, and used a while longer when their endpoint is away. */
@Injectable()
export class GoogleKeysService {
  private readonly logger = new Logger(GoogleKeysService.name);
  private keys: KeySet | undefined;
  private expiresAt = 0;
  private usableUntil = 0;
  private fetching: Promise<void> | undefined;
  private unknownKidTokens = MAX_UNKNOWN_KIDS;
  private refilledAt = Date.now();

  constructor(private readonly settings: GoogleSettings) {}

  /** The cached keys, when they may be used without asking. */
  get fresh(): KeySet | undefined {
    return Date.now() < this.expiresAt ? this.keys : undefined;
  }

  /**
   * The key with this id. An unknown id makes the keys be fetched once more: Google may just have rotated them.
   *
   * @returns undefined when Google has no such key
   * @throws GoogleKeysUnavailableError when there is no key at all
   */
  async key(id: string): Promise<KeyObject | undefined> {
    if (!this.fresh) await this.refresh();
    const known = this.keys?.get(id);
    if (known || !this.mayAskForUnknownKid()) return known;
    await this.refresh();
    return this.keys?.get(id);
  }

  private refresh(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      const response = await fetch(googleUrl(this.settings.origin, CERTS), {
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`Google's key endpoint answered ${response.status}`);
      this.keys = readKeys(await response.json());
      this.expiresAt = Date.now() + maxAge(response.headers.get('cache-control'));
      this.usableUntil = this.expiresAt + MAX_STALE_MS;
    } catch (error) {
      if (!this.keys || Date.now() > this.usableUntil) throw new GoogleKeysUnavailableError(error);
      this.expiresAt = Math.max(this.expiresAt, Date.now() + RETRY_INTERVAL_MS);
      this.logger.warn(
        { error: describeError(error) },
        "Google's keys cannot be refreshed; the cached ones still serve",
      );
    }
  }

  private mayAskForUnknownKid(): boolean {
    const refill = Math.floor((Date.now() - this.refilledAt) / UNKNOWN_KID_REFILL_INTERVAL_MS);
    if (refill > 0) {
      this.unknownKidTokens = Math.min(MAX_UNKNOWN_KIDS, this.unknownKidTokens + refill);
      this.refilledAt += refill * UNKNOWN_KID_REFILL_INTERVAL_MS;
    }
    return this.unknownKidTokens > 0 && this.unknownKidTokens-- > 0;
  }
}

/** A JWK set (RFC 7517 section 5). Without a single RSA key it is an error page in disguise. */
function readKeys(body: unknown): KeySet {
  const { keys = [] } = body as { keys?: { kid: string; kty: string; [member: string]: string }[] };
  const rsa = keys.filter(({ kty }) => kty === 'RSA');
  if (rsa.length === 0) throw new Error("Google's key endpoint answered without an RSA key");
  return new Map(rsa.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
}
