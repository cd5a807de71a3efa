import { randomBytes } from 'node:crypto';

const PREFIX = 'ANGjdJ';

/** Google hands out a new attachment id with every read; all of them stay good. So are these: they carry what they name. */
export function newAttachmentId(messageId: string, partId: string): string {
  const content = `${randomBytes(24).toString('hex')}:${messageId}:${partId}`;
  return PREFIX + Buffer.from(content).toString('base64url');
}

export function readAttachmentId(id: string): { messageId: string; partId: string } | null {
  if (!id.startsWith(PREFIX)) return null;
  const [, messageId, partId] = Buffer.from(id.slice(PREFIX.length), 'base64url').toString().split(':');
  return messageId === undefined || partId === undefined ? null : { messageId, partId };
}
