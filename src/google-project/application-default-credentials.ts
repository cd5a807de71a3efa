import { describeError } from '../common/describe-error';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GOOGLE = /^https:\/\/([a-z0-9-]+\.)*googleapis\.com$/;

/** How to find credentials, for whoever has none. */
export const CREDENTIALS_REMEDY =
  'Set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account, or run `gcloud auth application-default login`.';

export class NoCredentialsError extends Error {}

/** The headers of a call under the Application Default Credentials. */
export type AuthorizationHeaders = (url: string) => Promise<Record<string, string>>;

/**
 * Application Default Credentials: a key file, an external account, a user's own, or the machine's.
 *
 * @param keyFile `GOOGLE_APPLICATION_CREDENTIALS`, which `.env` may set too
 * @param origin replaces that of Google's own URLs, the token's included
 * @throws NoCredentialsError when there are none, or Google does not take them
 */
export async function applicationDefaultCredentials(
  keyFile: string | undefined,
  origin: string | undefined,
): Promise<AuthorizationHeaders> {
  const { GoogleAuth } = await import('google-auth-library');
  try {
    const auth = new GoogleAuth({ scopes: [SCOPE], ...(keyFile && { keyFilename: keyFile }) });
    const client = await auth.getClient();
    client.transporter.interceptors.request.add({
      resolved: async (config) => {
        const url = new URL(config.url);
        if (origin !== undefined && GOOGLE.test(url.origin))
          config.url = new URL(origin + url.pathname + url.search);
        return config;
      },
    });
    await client.getAccessToken();
    return async (url) => Object.fromEntries(await client.getRequestHeaders(url));
  } catch (error) {
    const where = keyFile
      ? `GOOGLE_APPLICATION_CREDENTIALS=${keyFile} cannot be used`
      : 'There are no credentials';
    throw new NoCredentialsError(`${where}: ${describeError(error)}`, { cause: error });
  }
}
