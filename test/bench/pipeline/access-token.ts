import type { LocalGoogle } from '../../../src/local-google/local-google';
import { GOOGLE_SETTINGS } from '../../support/program/local-setup';

const CLIENT = {
  client_id: GOOGLE_SETTINGS.GOOGLE_CLIENT_ID,
  client_secret: GOOGLE_SETTINGS.GOOGLE_CLIENT_SECRET,
};
const REDIRECT = 'http://127.0.0.1:9/callback';
const SCOPES = 'openid email https://www.googleapis.com/auth/gmail.modify';

/** An access token for a mailbox, by its owner's consent, for a program that keeps no grants. */
export async function accessTokenOf(google: LocalGoogle, emailAddress: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: CLIENT.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: SCOPES,
    access_type: 'offline',
    prompt: 'consent',
  });
  const location = await google.consent(`${google.origin}/o/oauth2/v2/auth?${query.toString()}`, {
    account: emailAddress,
  });
  const code = new URL(location).searchParams.get('code')!;
  const answer = await fetch(`${google.origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: REDIRECT }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}
