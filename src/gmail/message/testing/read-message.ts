import { toMessagePayload } from '../message-payload';

/** A part of a message with text, as Gmail gives it. */
export const textPart = (mimeType: string, content: string, extra = {}) => ({
  mimeType,
  filename: '',
  body: { data: Buffer.from(content).toString('base64url'), size: content.length },
  ...extra,
});

/** What is read of a message with this payload. */
export const readMessage = (payload: object, withBodies = true) =>
  toMessagePayload({ id: '1', payload }, withBodies);
