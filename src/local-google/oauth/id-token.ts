import { signJwt } from '../keys/jwt';
import type { SigningKey } from '../keys/signing-key';

/** https://developers.google.com/identity/openid-connect/openid-connect#obtainuserinfo, by the wall clock. */
export function mintIdToken(
  key: SigningKey,
  clientId: string,
  user: { address: string; subject: string },
  scopes: readonly string[],
): string {
  const iat = Math.floor(Date.now() / 1000);
  const email = scopes.some((scope) => scope.endsWith('userinfo.email'))
    ? { email: user.address, email_verified: true }
    : {};
  const claims = { iss: 'https://accounts.google.com', azp: clientId, aud: clientId, sub: user.subject };
  return signJwt(
    { ...claims, ...email, iat, exp: iat + 3600 },
    { alg: 'RS256', kid: key.kid },
    key.privateKey,
  );
}
