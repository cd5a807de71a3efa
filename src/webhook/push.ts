import { NoPubSubPushError } from './webhook.errors';

/** A Pub/Sub push, of either form. */
export interface Push {
  messageId: string | undefined;
  /** The subscription that it names, or both when its header and its body name one; none when it names none. */
  subscriptions: string[];
  data: Buffer;
}

type Headers = Record<string, string | string[] | undefined>;

/**
 * Reads a push. Wrapped: JSON with the message in base64. Unwrapped: the body is the data, the rest is in headers. A
 * wrapped push with the headers of an unwrapped one is wrapped, and must not hide behind them whose it is.
 * @see https://cloud.google.com/pubsub/docs/push#receive_push
 * @see https://cloud.google.com/pubsub/docs/payload-unwrapping
 * @throws NoPubSubPushError
 */
export function readPush(headers: Headers, body: Buffer): Push {
  const named = headers['x-goog-pubsub-subscription-name'];
  if (typeof named !== 'string') return readWrapped(body);
  if (isWrapped(body)) {
    const push = readWrapped(body);
    return { ...push, subscriptions: [named, ...push.subscriptions] };
  }
  const messageId = headers['x-goog-pubsub-message-id'];
  return {
    messageId: typeof messageId === 'string' ? messageId : undefined,
    subscriptions: [named],
    data: body,
  };
}

/** A Gmail notification has neither of the two. */
function isWrapped(body: Buffer): boolean {
  try {
    const content = JSON.parse(body.toString('utf8')) as { message?: unknown; subscription?: unknown } | null;
    return content?.message !== undefined && content.subscription !== undefined;
  } catch {
    return false;
  }
}

function readWrapped(body: Buffer): Push {
  const { message, subscription } = asObject(parse(body), 'it is no JSON object');
  const { data, messageId, message_id } = asObject(message, 'it has no message');
  if (data !== undefined && typeof data !== 'string') throw new NoPubSubPushError('its data is no text');
  // What carries data is a push, and one of nobody is not ours.
  const named = typeof subscription === 'string' ? [subscription] : [];
  if (named.length === 0 && data === undefined) throw new NoPubSubPushError('it names no subscription');
  const id = messageId ?? message_id;
  return {
    messageId: typeof id === 'string' ? id : undefined,
    subscriptions: named,
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
