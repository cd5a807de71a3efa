import type { AuthClient } from 'google-auth-library';
import { isConnectionError } from '../common/connection-error';
import { describeError } from '../common/describe-error';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GOOGLE = /^https:\/\/([a-z0-9-]+\.)*googleapis\.com$/;

/** How to find credentials, for whoever has none. */
const CREDENTIALS_REMEDY =
  'Set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account, or run `gcloud auth application-default login`.';

/** What to do when Google does not answer: nothing is known of the credentials then. */
export const OUT_OF_REACH_REMEDY =
  'Let this machine reach googleapis.com over https, or name a proxy in HTTPS_PROXY, and try again.';

/** There is nothing to call Google with. */
export class NoCredentialsError extends Error {
  /** Whether it is only that Google cannot be reached, or cannot answer now. */
  readonly isOutOfReach: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    const { status } = (cause ?? {}) as { status?: unknown };
    this.isOutOfReach = isConnectionError(cause) || (typeof status === 'number' && status >= 500);
  }

  get remedy(): string {
    return this.isOutOfReach ? OUT_OF_REACH_REMEDY : CREDENTIALS_REMEDY;
  }
}

/** The headers of a call under the Application Default Credentials. */
export type AuthorizationHeaders = (url: string) => Promise<Record<string, string>>;

/**
 * Application Default Credentials: a key file, an external account, a user's own, or the machine's.
 *
 * @param keyFile `GOOGLE_APPLICATION_CREDENTIALS`, which `.env` may set too
 * @param origin replaces that of Google's own URLs, the token's included
 * @throws NoCredentialsError when there are none, Google does not take them, or cannot be asked
 */
export async function applicationDefaultCredentials(
  keyFile: string | undefined,
  origin: string | undefined,
): Promise<AuthorizationHeaders> {
  const { GoogleAuth } = await import('google-auth-library');
  try {
    const auth = new GoogleAuth({ scopes: [SCOPE], ...(keyFile && { keyFilename: keyFile }) });
    const client = await withoutLookupWarning(() => auth.getClient());
    // An external account exchanges its token by a transporter of its own.
    const { stsCredential } = client as { stsCredential?: Pick<AuthClient, 'transporter'> };
    if (origin !== undefined) for (const one of [client, stsCredential]) redirect(one?.transporter, origin);
    await client.getAccessToken();
    return async (url) => Object.fromEntries(await client.getRequestHeaders(url));
  } catch (error) {
    const where = keyFile
      ? `GOOGLE_APPLICATION_CREDENTIALS=${keyFile} cannot be used`
      : 'There are no credentials';
    throw new NoCredentialsError(`${where}: ${describeError(error)}`, error);
  }
}

/** Lets what would go to Google go to this origin, its path kept. */
function redirect(transporter: AuthClient['transporter'] | undefined, origin: string): void {
  transporter?.interceptors.request.add({
    resolved: async (config) => {
      const url = new URL(config.url);
      if (GOOGLE.test(url.origin)) config.url = new URL(origin + url.pathname + url.search);
      return config;
    },
  });
}

/** Outside of Google Cloud no metadata server answers, which is no fault; the library warns of it nevertheless. */
async function withoutLookupWarning<T>(run: () => Promise<T>): Promise<T> {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning')!;
  const emitWarning = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  process.emitWarning = (...all: unknown[]) => {
    if (all[1] !== 'MetadataLookupWarning') emitWarning(...all);
  };
  try {
    return await run();
  } finally {
    Object.defineProperty(process, 'emitWarning', original);
  }
}
