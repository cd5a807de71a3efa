import { auth as apiAuth, gmail as gmailApi, type gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js';
import { LocalGoogle, type LocalGoogleOptions } from '../local-google';

export const CLIENT = { clientId: 'client-1.apps.example', clientSecret: 'secret-1', projectId: 'project-1' };
export const TOPIC = 'projects/project-1/topics/gmail';
export const ANN = 'ann@example.com';
export const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
export const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';
export const METADATA_SCOPE = 'https://www.googleapis.com/auth/gmail.metadata';
export const EVERYTHING = 'https://mail.google.com/';
const REDIRECT = 'http://127.0.0.1:9/callback';

export type OAuthClient = InstanceType<typeof apiAuth.OAuth2>;

export interface Connected {
  google: LocalGoogle;
  oauth: OAuthClient;
  gmail: gmail_v1.Gmail;
  accessToken: string;
}

export function startGoogle(options: Partial<LocalGoogleOptions> = {}): Promise<LocalGoogle> {
  return LocalGoogle.start({ ...CLIENT, topics: [TOPIC], ...options });
}

/** Google's own client, pointed at the local origin. */
export function oauthClient(google: LocalGoogle): OAuthClient {
  const { clientId, clientSecret } = CLIENT;
  const endpoints = {
    oauth2AuthBaseUrl: `${google.origin}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${google.origin}/token`,
    oauth2RevokeUrl: `${google.origin}/revoke`,
    oauth2FederatedSignonPemCertsUrl: `${google.origin}/oauth2/v1/certs`,
  };
  return new apiAuth.OAuth2({ clientId, clientSecret, redirectUri: REDIRECT, endpoints });
}

/** Walks the whole consent for an account, which is made when it does not exist. */
export async function connect(
  google: LocalGoogle,
  scope: string = MODIFY,
  account = ANN,
): Promise<Connected> {
  if (!google.accounts().includes(account)) google.addAccount(account);
  const oauth = oauthClient(google);
  const scopes = ['openid', 'email', ...scope.split(' ')];
  const url = oauth.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: scopes });
  const location = await google.consent(url, { account });
  const { tokens } = await oauth.getToken(new URL(location).searchParams.get('code') ?? '');
  oauth.setCredentials(tokens);
  const gmail = gmailApi({ version: 'v1', auth: oauth, rootUrl: `${google.origin}/`, retry: false });
  return { google, oauth, gmail, accessToken: tokens.access_token ?? '' };
}

/** The error that Google's client throws: its status and the body of the answer. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; error: Record<string, unknown> }> {
  try {
    await call;
  } catch (error) {
    const { response } = error as { response: { status: number; data: { error: Record<string, unknown> } } };
    return { status: response.status, error: response.data.error };
  }
  throw new Error('The call was not refused');
}
