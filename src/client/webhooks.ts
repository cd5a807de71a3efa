import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from './generated/types.gen.js';

/** Of a request, as `fetch` handlers and node:http have them. Names in any case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export type WebhookFault = 'missing_header' | 'timestamp_out_of_range' | 'signature_mismatch';

/** The request is not to be believed: answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';

  constructor(
    readonly reason: WebhookFault,
    message: string,
  ) {
    super(message);
  }
}

/** Seconds between the sender's clock and ours. The same as in every library for Standard Webhooks. */
const TOLERANCE = 300;

/**
 * The event of a request, if Inboxwire has signed it (https://www.standardwebhooks.com). A newer service may send types that
 * this version does not know: let the `default` of a `switch` ignore them.
 *
 * @param body the request's body as it came, not parsed and printed again
 * @param secrets the endpoint's `whsec_…`; during a rotation both, the old one and the new
 * @throws WebhookVerificationError when it is not to be believed
 * @throws TypeError when a secret is none
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
): WebhookEvent {
  const webhooks = [secrets].flat().map(toWebhook);
  if (webhooks.length === 0) throw new TypeError('There is no secret to verify the webhook with.');
  const signed = signedHeaders(headers);
  checkTimestamp(signed['webhook-timestamp']);
  const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  if (!webhooks.some((webhook) => verifies(webhook, text, signed)))
    throw new WebhookVerificationError(
      'signature_mismatch',
      'No signature matches. Is the secret that of this endpoint, and the body as it came?',
    );
  return JSON.parse(text) as WebhookEvent;
}

function toWebhook(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new TypeError("The secret cannot be read: it is the endpoint's `whsec_…`.", { cause });
  }
}

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
type SignedHeaders = Record<(typeof NAMES)[number], string>;

function signedHeaders(headers: WebhookHeaders): SignedHeaders {
  const all = new Map(
    headers instanceof Headers
      ? headers
      : Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()[0]]),
  );
  const missing = NAMES.filter((name) => !all.get(name));
  if (missing.length > 0)
    throw new WebhookVerificationError('missing_header', `The request has no ${missing.join(', no ')}.`);
  return Object.fromEntries(NAMES.map((name) => [name, all.get(name)])) as SignedHeaders;
}

function checkTimestamp(timestamp: string): void {
  const age = Date.now() / 1_000 - Number(timestamp);
  if (Math.abs(age) <= TOLERANCE) return;
  throw new WebhookVerificationError(
    'timestamp_out_of_range',
    `webhook-timestamp ${timestamp} is more than ${TOLERANCE} s from now: it was sent before, or a clock is wrong.`,
  );
}

function verifies(webhook: Webhook, text: string, headers: SignedHeaders): boolean {
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
