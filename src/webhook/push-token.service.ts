import { Injectable } from '@nestjs/common';
import { decode, type JwtPayload, verify } from 'jsonwebtoken';
import { describeError } from '../common/describe-error';
import { PushSettings } from '../config/settings';
import { GoogleKeysService, type KeySet } from './google-keys.service';
import { PushTokenRefusedError } from './webhook.errors';

const ISSUERS: [string, ...string[]] = ['https://accounts.google.com', 'accounts.google.com'];
/** By how much the clocks may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_REMEMBERED = 1_000;

/** What stands in place of the signature: https://cloud.google.com/run/docs/troubleshooting */
const SIGNATURE_REMOVED = /\.SIGNATURE_REMOVED_BY_GOOGLE$/i;
const WHY_REMOVED =
  'Google removed its signature: Cloud Run checks tokens itself and takes the signature out before it hands a request on, so that ' +
  'nothing is left to verify here. Let Cloud Run accept unauthenticated requests: Inboxwire checks the token of each push itself';

/**
 * Proves that a push comes from our subscription: signature, algorithm, issuer, audience, expiry, and the service account
 * with a verified address. The audience alone proves nothing: any Google service account can have a token with any audience.
 * @see https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
@Injectable()
export class PushTokenService {
  /** Pub/Sub sends the same token for up to an hour: one that was verified is known by its text until it expires. */
  private readonly verified = new Map<string, number>();
  private verifiedWith: KeySet | undefined;

  constructor(
    private readonly keys: GoogleKeysService,
    private readonly settings: PushSettings,
  ) {}

  /**
   * @param authorization the header of the push
   * @throws PushTokenRefusedError, GoogleKeysUnavailableError
   */
  async verify(authorization: string | undefined): Promise<void> {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new PushTokenRefusedError('there is no bearer token');
    if (this.isKnown(token)) return;
    const { email, email_verified: verified, exp } = await this.check(token);
    if (email !== this.settings.serviceAccount)
      throw new PushTokenRefusedError(`it was issued to ${String(email)}`);
    if (verified !== true) throw new PushTokenRefusedError('its email is not verified');
    if (exp === undefined) throw new PushTokenRefusedError('it never expires');
    this.remember(token, exp);
  }

  private async check(token: string): Promise<JwtPayload> {
    if (SIGNATURE_REMOVED.test(token)) throw new PushTokenRefusedError(WHY_REMOVED);
    const kid = decode(token, { complete: true })?.header.kid;
    const key = typeof kid === 'string' ? await this.keys.key(kid) : undefined;
    if (!key) throw new PushTokenRefusedError('it names no key of Google');
    try {
      const { audience } = this.settings;
      const options = {
        algorithms: ['RS256' as const],
        issuer: ISSUERS,
        audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      };
      const claims = verify(token, key, options);
      return typeof claims === 'string' ? {} : claims;
    } catch (error) {
      throw new PushTokenRefusedError(describeError(error), error);
    }
  }

  private isKnown(token: string): boolean {
    const { fresh } = this.keys;
    const expiry = fresh && fresh === this.verifiedWith ? this.verified.get(token) : undefined;
    return expiry !== undefined && expiry * 1_000 > Date.now();
  }

  /** What was verified with other keys must be verified again. */
  private remember(token: string, expiry: number): void {
    if (this.verifiedWith !== this.keys.fresh || this.verified.size >= MAX_REMEMBERED) this.verified.clear();
    this.verifiedWith = this.keys.fresh;
    this.verified.set(token, expiry);
  }
}
