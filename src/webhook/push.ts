import { NoPubSubPushError } from './webhook.errors';

/** A Pub/Sub push, of either form. */
export interface Push {
  messageId: string | undefined;
  subscription: string;
  data: Buffer;
}

type Headers = Record<string, string | string[] | undefined>;

/**
 * Reads a push. Wrapped: JSON with the message in base64. Unwrapped: the body is the data, the rest is in headers.
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 * @see https://cloud.google.com/pubsub/docs/payload-unwrapping
 * @throws NoPubSubPushError
 */
export function readPush(headers: Headers, body: Buffer): Push {
  const subscription = headers['x-goog-pubsub-subscription-name'];
  if (typeof subscription !== 'string') return readWrapped(body);
  const messageId = headers['x-goog-pubsub-message-id'];
  return { messageId: typeof messageId === 'string' ? messageId : undefined, subscription, data: body };
}

function readWrapped(body: Buffer): Push {
  const { message, subscription } = asObject(parse(body), 'it is no JSON object');
  const { data, messageId, message_id } = asObject(message, 'it has no message');
  if (typeof subscription !== 'string') throw new NoPubSubPushError('it names no subscription');
  if (data !== undefined && typeof data !== 'string') throw new NoPubSubPushError('its data is no text');
  const id = messageId ?? message_id;
  return {
    messageId: typeof id === 'string' ? id : undefined,
    subscription,
    // Node reads base64 and base64url alike.
    data: Buffer.from(data ?? '', 'base64'),
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new NoPubSubPushError('it is not valid JSON');
  }
}

function asObject(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NoPubSubPushError(otherwise);
  return value as Record<string, unknown>;
}
