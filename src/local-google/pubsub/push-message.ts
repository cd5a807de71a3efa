import { randomInt } from 'node:crypto';

export interface PubsubMessage {
  messageId: string;
  data: string;
  publishTime: string;
  attributes?: Record<string, string>;
}

export type DataEncoding = 'base64' | 'base64url';

export interface PushBody {
  headers: Record<string, string>;
  body: Buffer;
}

export function newMessage(data: string, at: number, attributes?: Record<string, string>): PubsubMessage {
  const messageId = `${at}${String(randomInt(1_000_000)).padStart(6, '0')}`;
  return { messageId, data, publishTime: new Date(at).toISOString(), attributes };
}

/** https://docs.cloud.google.com/pubsub/docs/push#receive_push */
export function wrappedBody(message: PubsubMessage, subscription: string, encoding: DataEncoding): PushBody {
  const { messageId, publishTime, attributes } = message;
  const data = Buffer.from(message.data, 'utf8').toString(encoding);
  const wrapped = {
    ...(attributes === undefined ? {} : { attributes }),
    data,
    messageId,
    message_id: messageId,
    publishTime,
    publish_time: publishTime,
  };
  return {
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message: wrapped, subscription })),
  };
}

/** https://docs.cloud.google.com/pubsub/docs/payload-unwrapping, with metadata written */
export function unwrappedBody(message: PubsubMessage, subscription: string): PushBody {
  return {
    headers: {
      'content-type': 'application/octet-stream',
      'x-goog-pubsub-message-id': message.messageId,
      'x-goog-pubsub-subscription-name': subscription,
      'x-goog-pubsub-publish-time': message.publishTime,
      ...message.attributes,
    },
    body: Buffer.from(message.data, 'utf8'),
  };
}
