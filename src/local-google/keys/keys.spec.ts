import { createPublicKey, verify, X509Certificate, type JsonWebKey, type JsonWebKeyInput } from 'node:crypto';
import type { LocalGoogle } from '../local-google';
import { oauthClient, startGoogle } from '../testing/connected';
import { KeyRing } from './key-ring';

const IDENTITY = {
  audience: 'https://gateway.example/webhooks/gmail',
  serviceAccount: 'push@project-1.example',
};

describe(KeyRing.name, () => {
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle();
  });

  afterEach(() => google.stop());

  const read = async (version: 'v1' | 'v3'): Promise<Record<string, unknown>> =>
    (await fetch(`${google.origin}/oauth2/${version}/certs`)).json() as Promise<Record<string, unknown>>;

  it('publishes the same keys as certificates and as JWKs', async () => {
    await google.rotateKeys();
    const certificates = (await read('v1')) as Record<string, string>;
    const { keys } = (await read('v3')) as { keys: (JsonWebKey & { kid: string })[] };
    expect(Object.keys(certificates)).toHaveLength(2);
    for (const { kid, ...jwk } of keys) {
      const certificate = new X509Certificate(certificates[kid] ?? '');
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
      const key = createPublicKey({ key: jwk, format: 'jwk' } satisfies JsonWebKeyInput);
      expect(key.equals(certificate.publicKey)).toBe(true);
    }
    expect(google.keys.fetches).toEqual({ pem: 1, jwk: 1 });
  });

  it('says how long the keys may be cached, and fails when asked to', async () => {
    google.keys.maxAge = 7;
    const answer = await fetch(`${google.origin}/oauth2/v3/certs`);
    expect(answer.headers.get('cache-control')).toContain('public, max-age=7');
    google.keys.failing = 503;
    expect((await fetch(`${google.origin}/oauth2/v1/certs`)).status).toBe(503);
  });

  it('drops old keys when asked to', async () => {
    const before = Object.keys(await read('v1'));
    await google.rotateKeys({ dropOld: true });
    const after = Object.keys(await read('v1'));
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  it('mints push tokens that the official client accepts', async () => {
    const idToken = google.mintPushToken({ identity: IDENTITY });
    const ticket = await oauthClient(google).verifyIdToken({ idToken, audience: IDENTITY.audience });
    expect(ticket.getPayload()).toMatchObject({ email: IDENTITY.serviceAccount, email_verified: true });
  });

  it('mints forgeries that fail where they should', async () => {
    const forged = await google.forgedPushTokens(IDENTITY);
    const client = oauthClient(google);
    const isRefused = async (idToken: string): Promise<boolean> => {
      try {
        const ticket = await client.verifyIdToken({ idToken, audience: IDENTITY.audience });
        const claims = ticket.getPayload();
        return claims?.email !== IDENTITY.serviceAccount || claims.email_verified !== true;
      } catch {
        return true;
      }
    };
    expect(new Set(forged.map(({ token }) => token)).size).toBe(forged.length);
    for (const { name, token } of forged) expect([name, await isRefused(token)]).toEqual([name, true]);
  });

  it('signs RS256 over the header and the claims', () => {
    const [header, claims, signature = ''] = google.mintPushToken({ identity: IDENTITY }).split('.');
    const content = Buffer.from(`${header}.${claims}`);
    const ok = verify('sha256', content, google.keys.current.publicKey, Buffer.from(signature, 'base64url'));
    expect(ok).toBe(true);
  });
});
