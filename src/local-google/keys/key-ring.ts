import { json, type HttpResponse } from '../http/exchange';
import { firstSigningKey, newSigningKey, type SigningKey } from './signing-key';

/**
 * Google's signing keys: one signs, those before it stay published for a while. Served as PEM
 * (`/oauth2/v1/certs`) and JWK (`/oauth2/v3/certs`), both cacheable:
 * https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
 */
export class KeyRing {
  /** `max-age` of the published keys, in seconds. */
  maxAge = 20_000;
  /** Set to a status to make both key addresses fail with it. */
  failing: number | null = null;
  /** How often each address was read. */
  readonly fetches = { pem: 0, jwk: 0 };
  private published: SigningKey[] = [];

  get current(): SigningKey {
    const key = this.published[0];
    if (key === undefined) throw new Error('The key ring is empty');
    return key;
  }

  /** A new key signs from now on; `dropOld` takes the others out of the published list at once. */
  async rotate(options: { dropOld?: boolean } = {}): Promise<SigningKey> {
    const fresh = await (this.published.length === 0 ? firstSigningKey() : newSigningKey());
    this.published = options.dropOld ? [fresh] : [fresh, ...this.published];
    return fresh;
  }

  isPublished(kid: string): boolean {
    return this.published.some((key) => key.kid === kid);
  }

  pem(): HttpResponse {
    this.fetches.pem += 1;
    return this.publish(Object.fromEntries(this.published.map((key) => [key.kid, key.certificate])));
  }

  jwk(): HttpResponse {
    this.fetches.jwk += 1;
    return this.publish({ keys: this.published.map((key) => key.jwk) });
  }

  private publish(body: unknown): HttpResponse {
    if (this.failing !== null) return json(this.failing, { error: 'keys are out of reach' });
    const expires = new Date(Date.now() + this.maxAge * 1000).toUTCString();
    return json(200, body, {
      'cache-control': `public, max-age=${this.maxAge}, must-revalidate, no-transform`,
      expires,
    });
  }
}
