import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './certificate';

/** One RSA key of Google's, in the two shapes it is published in. */
export interface SigningKey {
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  certificate: string;
  jwk: Record<string, unknown>;
}

export async function newSigningKey(kid: string = randomBytes(20).toString('hex')): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    kid,
    publicKey,
    privateKey,
    certificate: selfSignedCertificate(publicKey, privateKey, randomBytes(8)),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
  };
}

let first: Promise<SigningKey> | undefined;

/** The key that signs at first, one for all local Googles of a process: making one takes the time of a hundred requests. */
export const firstSigningKey = (): Promise<SigningKey> => (first ??= newSigningKey());
