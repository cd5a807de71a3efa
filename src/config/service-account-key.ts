import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** What signs for a service account with domain-wide delegation. */
export interface ServiceAccountKey {
  clientEmail: string;
  /** The numeric id by which an administrator of Workspace authorizes it. */
  clientId: string;
  privateKeyId: string | undefined;
  /** PEM. */
  privateKey: string;
}

/** Those of Google have about 2,400. */
const MAX_BYTES = 64 * 1024;

const FORM =
  'the path to the JSON key file of a service account: make one with `gcloud iam service-accounts keys create key.json ' +
  '--iam-account=…`';

/** Whose credentials are in the file instead, by its `type` or its only property. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  authorized_user: "a user's credentials",
  external_account: 'an external account',
  web: 'an OAuth client',
  installed: 'an OAuth client',
};

/** What is wrong with the file that `GOOGLE_SERVICE_ACCOUNT_KEY` names, as the end of "expected …"; undefined: nothing. */
export function serviceAccountKeyFault(path: string): string | undefined {
  try {
    if (isEndless(path)) return `${FORM}; ${path} is no such file`;
    const fields = parse(readFileSync(path, 'utf8'));
    return fields ? contentFault(fields, path) : `${FORM}; ${path} is not JSON`;
  } catch (error) {
    return `${FORM}; ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`;
  }
}

/** A device could be read without end, and a pipe only once. */
function isEndless(path: string): boolean {
  const stats = statSync(path);
  return !stats.isDirectory() && (!stats.isFile() || stats.size > MAX_BYTES);
}

/** @param path of a file without a fault */
export function readServiceAccountKey(path: string): ServiceAccountKey {
  const fields = parse(readFileSync(path, 'utf8'))!;
  const { client_email, client_id, private_key_id, private_key } = fields as Record<string, string>;
  return {
    clientEmail: client_email!,
    clientId: client_id!,
    privateKeyId: private_key_id,
    privateKey: private_key!,
  };
}

function contentFault(fields: Record<string, unknown>, path: string): string | undefined {
  const kind = OTHER_KINDS[typeof fields.type === 'string' ? fields.type : Object.keys(fields).join()];
  if (fields.type !== 'service_account')
    return `${FORM}; ${path} is ${kind ? `that of ${kind}` : 'no key file of a service account'}`;
  const missing = ['client_email', 'client_id', 'private_key'].find((name) => !isText(fields[name]));
  if (missing) return `${FORM}; ${path} lacks ${missing}`;
  return isRsaKey(fields.private_key as string)
    ? undefined
    : `${FORM}; the private_key in ${path} is no RSA key`;
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
