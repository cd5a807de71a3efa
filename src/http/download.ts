import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

const UNKNOWN = 'application/octet-stream';
const MAX_NAME_LENGTH = 255;

/**
 * Bytes that anybody may have sent as a response: saved, never shown, and of no type but the one that they are said to have. A browser that
 * is led to them runs nothing of them.
 *
 * @param file.name as a person wrote it, whatever is in it; undefined: the answer proposes none
 * @param file.type what is no media type is sent as `application/octet-stream`
 */
export function download(
  reply: FastifyReply,
  bytes: Readable,
  file: { name?: string; type?: string },
): StreamableFile {
  void reply.headers({
    'content-type': mediaType(file.type),
    'content-disposition': contentDisposition(file.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  return new StreamableFile(bytes);
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 */
export function mediaType(text: string | undefined): string {
  return /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/i.test(text ?? '') ? text! : UNKNOWN;
}

/** Never `inline`. The name in ASCII for old clients and in UTF-8 for all others, https://www.rfc-editor.org/rfc/rfc6266 */
export function contentDisposition(name: string | undefined): string {
  const plain = [...(name ?? '').toWellFormed()]
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    // Nothing that ends the header, hides what the name ends with, or leads out of the folder that it is saved in.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\]/g, '_')
    .trim();
  if (plain === '' || plain === '.' || plain === '..') return 'attachment';
  const ascii = plain.replace(/[^ -~]|["%]/gu, '_');
  const encoded = encodeURIComponent(plain).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
