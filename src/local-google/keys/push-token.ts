import type { KeyObject } from 'node:crypto';
import { signJwt, type JwtAlgorithm, type JwtClaims } from './jwt';
import type { SigningKey } from './signing-key';

export interface PushTokenOptions {
  /** Overrides of the genuine claims; `undefined` leaves a claim out. */
  claims?: JwtClaims;
  alg?: JwtAlgorithm;
  /** Signs instead of Google's current key: a foreign key, or an HMAC secret. */
  key?: KeyObject | string;
  /** `null` leaves the header out. */
  kid?: string | null;
}

export interface PushIdentity {
  audience: string;
  serviceAccount: string;
}

/**
 * The token of an authenticated push:
 * https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions#jwt_format
 * It carries the wall clock, not the local Google's: the verifying side does not share the latter.
 */
export function mintPushToken(
  signer: SigningKey,
  identity: PushIdentity,
  options: PushTokenOptions = {},
): string {
  const alg = options.alg ?? 'RS256';
  const kid = options.kid === null ? {} : { kid: options.kid ?? signer.kid };
  const claims = { ...honestClaims(identity), ...options.claims };
  return signJwt(claims, { alg, ...kid }, options.key ?? signer.privateKey);
}

function honestClaims({ audience, serviceAccount }: PushIdentity): JwtClaims {
  const iat = Math.floor(Date.now() / 1000);
  return {
    aud: audience,
    azp: '108316274895021734561',
    email: serviceAccount,
    email_verified: true,
    exp: iat + 3600,
    iat,
    iss: 'https://accounts.google.com',
    sub: '108316274895021734561',
  };
}
