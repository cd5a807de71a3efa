import { Webhook } from 'standardwebhooks';

/**
 * The headers that let a receiver verify where a request comes from: https://www.standardwebhooks.com, whole.
 *
 * @param id the event's id, the same on every attempt
 * @param secrets `whsec_…`, the newest first: one signature each, so that a receiver may verify with either during a rotation
 * @param at when the attempt is made
 */
export function signatureHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  at: Date,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
