import { mintPushToken, type PushIdentity, type PushTokenOptions } from './push-token';
import { newSigningKey, type SigningKey } from './signing-key';

export interface ForgedPushToken {
  name: string;
  token: string;
}

/** Everything that a receiver must refuse, each with a name that reads in a test table. */
export async function forgedPushTokens(
  signer: SigningKey,
  identity: PushIdentity,
): Promise<ForgedPushToken[]> {
  const foreign = await newSigningKey();
  const now = Math.floor(Date.now() / 1000);
  const publicPem = signer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const table: [string, PushTokenOptions][] = [
    ['alg none', { alg: 'none' }],
    ['alg none with no kid', { alg: 'none', kid: null }],
    ['HS256 keyed with the public key', { alg: 'HS256', key: publicPem }],
    ['HS256 keyed with the certificate', { alg: 'HS256', key: signer.certificate }],
    ['RS512 under the right key', { alg: 'RS512' }],
    ['a foreign key under the same kid', { key: foreign.privateKey }],
    ['a foreign key under its own kid', { key: foreign.privateKey, kid: foreign.kid }],
    ['another audience', { claims: { aud: 'https://elsewhere.example/webhooks/gmail' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['another service account', { claims: { email: 'other@project.iam.gserviceaccount.com' } }],
    ['no e-mail', { claims: { email: undefined } }],
    ['an unverified e-mail', { claims: { email_verified: false } }],
    ['an e-mail verified as text', { claims: { email_verified: 'true' } }],
    ['no email_verified', { claims: { email_verified: undefined } }],
    ['another issuer', { claims: { iss: 'https://accounts.google.com.evil.example' } }],
    ['no issuer', { claims: { iss: undefined } }],
    ['expired', { claims: { iat: now - 7200, exp: now - 3600 } }],
    ['no expiry', { claims: { exp: undefined } }],
  ];
  const minted = table.map(([name, options]) => ({ name, token: mintPushToken(signer, identity, options) }));
  return [...minted, ...tampered(mintPushToken(signer, identity))];
}

function tampered(honest: string): ForgedPushToken[] {
  const [header = '', payload = '', signature = ''] = honest.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url');
  return [
    { name: 'an altered payload', token: `${header}.${altered}.${signature}` },
    { name: 'a cut signature', token: `${header}.${payload}.${signature.slice(0, -8)}` },
    { name: 'no signature', token: `${header}.${payload}.` },
    { name: 'no token at all', token: 'not-a-token' },
    { name: 'an empty token', token: '' },
  ];
}
