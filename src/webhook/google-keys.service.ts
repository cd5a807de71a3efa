import { Injectable, Logger } from '@nestjs/common';
import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { describeError } from '../common/describe-error';
import { googleUrl } from '../config/google-url';
import { GoogleSettings } from '../config/settings';
import { maxAge } from './max-age';
import { GoogleKeysUnavailableError } from './webhook.errors';

const URL = 'https://www.googleapis.com/oauth2/v3/certs';
const FETCH_TIMEOUT = 3_000;
/** While the key endpoint is away, how long old keys still serve, and how long until it is asked again (ms). */
const STALE_FOR = 24 * 3_600_000;
const RETRY_AFTER_FAILURE = 5_000;
/** Unknown key ids that may cause a fetch: so many at once, and one more each so many milliseconds. Forged ids are free. */
const UNKNOWN_KID_BURST = 10;
const UNKNOWN_KID_REFILL = 6_000;

type FindKey = ReturnType<typeof createLocalJWKSet>;

/** Google's public signing keys: cached as their headers allow, and used a while longer when their endpoint is away. */
@Injectable()
export class GoogleKeysService {
  private readonly logger = new Logger(GoogleKeysService.name);
  private find: FindKey | undefined;
  private expiresAt = 0;
  private usableUntil = 0;
  private fetching: Promise<void> | undefined;
  private unknownKidTokens = UNKNOWN_KID_BURST;
  private refilledAt = Date.now();
  /** Grows with each set of keys: what was verified with an older one must be verified again. */
  generation = 0;

  constructor(private readonly settings: GoogleSettings) {}

  /** Whether the cached keys may be used without asking. */
  get fresh(): boolean {
    return Date.now() < this.expiresAt;
  }

  /**
   * The key that a token names. An unknown id makes the keys be fetched once more: Google may just have rotated them.
   *
   * @throws GoogleKeysUnavailableError when there is no key at all
   * @throws errors.JWKSNoMatchingKey of jose when Google has no such key
   */
  async key(header: JWSHeaderParameters, token: FlattenedJWSInput) {
    if (!this.fresh) await this.refresh();
    if (!this.find) throw new GoogleKeysUnavailableError(new Error('no keys'));
    try {
      return await this.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayAskForUnknownKid()) throw error;
      await this.refresh();
      return this.find(header, token);
    }
  }

  private refresh(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      const response = await fetch(googleUrl(this.settings.origin, URL), {
        signal: AbortSignal.timeout(FETCH_TIMEOUT),
      });
      if (!response.ok) throw new Error(`Google's key endpoint answered ${response.status}`);
      this.find = createLocalJWKSet((await response.json()) as JSONWebKeySet);
      this.expiresAt = Date.now() + maxAge(response.headers.get('cache-control'));
      this.usableUntil = this.expiresAt + STALE_FOR;
      this.generation++;
    } catch (error) {
      if (!this.find || Date.now() > this.usableUntil) throw new GoogleKeysUnavailableError(error);
      this.expiresAt = Math.max(this.expiresAt, Date.now() + RETRY_AFTER_FAILURE);
      this.logger.warn(
        { error: describeError(error) },
        "Google's keys cannot be refreshed; the cached ones still serve",
      );
    }
  }

  private mayAskForUnknownKid(): boolean {
    const refill = Math.floor((Date.now() - this.refilledAt) / UNKNOWN_KID_REFILL);
    if (refill > 0) {
      this.unknownKidTokens = Math.min(UNKNOWN_KID_BURST, this.unknownKidTokens + refill);
      this.refilledAt += refill * UNKNOWN_KID_REFILL;
    }
    return this.unknownKidTokens > 0 && this.unknownKidTokens-- > 0;
  }
}
