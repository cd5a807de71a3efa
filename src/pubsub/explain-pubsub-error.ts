import { describeError } from '../common/describe-error';

/** What an error of Pub/Sub's library means, and what a person does about it. */
export interface PubsubFault {
  /** The name of gRPC's status code, or `UNKNOWN`. */
  code: string;
  remedy: string;
}

const NAMES: Readonly<Record<number, string>> = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

const NO_CREDENTIALS =
  /could not load the default credentials|credential|ENOENT|invalid_grant|invalid_client/i;

/** Pub/Sub refuses with one code for what is mended in different places: only its sentences differ. */
const DENIALS: readonly { pattern: RegExp; remedy: string }[] = [
  {
    pattern: /has not been used in project|it is disabled/i,
    remedy:
      'The Pub/Sub API is not enabled: enable it at https://console.cloud.google.com/apis/library/pubsub.googleapis.com .',
  },
  {
    pattern: /insufficient authentication scopes/i,
    remedy:
      'The access scopes of the virtual machine leave Pub/Sub out: give it the scope cloud-platform, or set ' +
      'GOOGLE_APPLICATION_CREDENTIALS.',
  },
  {
    pattern: /requires billing|billing.*disabled|suspended|prohibited by organization/i,
    remedy: 'Google has closed the project, or its organization forbids the call: roles do not matter here.',
  },
];

function explainDenial(said: string, name: string, role: string): string {
  const known = DENIALS.find(({ pattern }) => pattern.test(said));
  return known?.remedy ?? `The credentials lack the role ${role} on ${name}.`;
}

/**
 * @param error of the library, or what it hands on of gRPC and of google-auth-library
 * @param name of the subscription or topic
 * @param role that is needed on it
 */
export function explainPubsubError(error: unknown, name: string, role: string): PubsubFault {
  const status = (error as { code?: unknown } | undefined)?.code;
  const code = (typeof status === 'number' && NAMES[status]) || 'UNKNOWN';
  const said = describeError(error ?? new Error('the stream was closed'));
  switch (code) {
    case 'NOT_FOUND':
      return { code, remedy: `${name} does not exist. Make it; it is used by itself then.` };
    case 'PERMISSION_DENIED':
      return { code, remedy: `${explainDenial(said, name, role)} Google said: ${said}` };
    case 'UNAUTHENTICATED':
      return { code, remedy: `Google does not accept the credentials: ${said}` };
    case 'FAILED_PRECONDITION':
      return {
        code,
        remedy: `${name} cannot be used like this${isSubscription(name) ? ' (a push subscription cannot be pulled)' : ''}: ${said}`,
      };
    default:
      return NO_CREDENTIALS.test(said) && code === 'UNKNOWN'
        ? { code, remedy: `There are no credentials of Google: set GOOGLE_APPLICATION_CREDENTIALS. ${said}` }
        : { code, remedy: `Pub/Sub cannot be reached for ${name}; it is tried again. ${said}` };
  }
}

function isSubscription(name: string): boolean {
  return name.includes('/subscriptions/');
}
