import { Injectable } from '@nestjs/common';
import { type JWTPayload, jwtVerify } from 'jose';
import { describeError } from '../common/describe-error';
import { PushSettings } from '../config/settings';
import { GoogleKeysService } from './google-keys.service';
import { GoogleKeysUnavailableError, PushTokenRefusedError } from './webhook.errors';

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Seconds that the clocks may differ by. */
const CLOCK_TOLERANCE = 5;
const REMEMBERED = 1_000;

/**
 * Proves that a push comes from our subscription: signature, algorithm, issuer, audience, expiry, and the service account
 * with a verified address. The audience alone proves nothing: any Google service account can have a token with any audience.
 * @see https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
@Injectable()
export class PushTokenService {
  /** Pub/Sub sends the same token for up to an hour: one that was verified is known by its text until it expires. */
  private readonly verified = new Map<string, number>();
  private generation = 0;

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
    const claims = await this.check(token);
    if (claims.email !== this.settings.serviceAccount)
      throw new PushTokenRefusedError(`it was issued to ${String(claims.email)}`);
    if (claims.email_verified !== true) throw new PushTokenRefusedError('its email is not verified');
    this.remember(token, claims.exp!);
  }

  private async check(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, (header, jws) => this.keys.key(header, jws), {
        algorithms: ['RS256'],
        issuer: ISSUERS,
        audience: this.settings.audience,
        requiredClaims: ['exp', 'email'],
        clockTolerance: CLOCK_TOLERANCE,
      });
      return payload;
    } catch (error) {
      if (error instanceof GoogleKeysUnavailableError) throw error;
      throw new PushTokenRefusedError(describeError(error), error);
    }
  }

  private isKnown(token: string): boolean {
    const expiry = this.verified.get(token);
    return (
      expiry !== undefined &&
      this.keys.fresh &&
      this.generation === this.keys.generation &&
      expiry * 1_000 > Date.now()
    );
  }

  private remember(token: string, expiry: number): void {
    if (this.generation !== this.keys.generation || this.verified.size >= REMEMBERED) this.verified.clear();
    this.generation = this.keys.generation;
    this.verified.set(token, expiry);
  }
}
