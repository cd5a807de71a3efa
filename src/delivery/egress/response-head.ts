import type { ClientRequest } from 'node:http';
import { EndlessAnswerError } from '../delivery.errors';

/** Interim responses (1xx), and then a status line that has come whole. */
const INTERIM = /^(?:HTTP\/\d(?:\.\d)? 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)+/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? ([2-9]\d\d)(?: [^\n]*|\r)?\n/;
const RETRY_AFTER = /^retry-after[ \t]*:[ \t]*(.*?)[ \t]*\r?$/im;

/** What the parser of Node.js says when it gave up on a head that is not too long. */
const PARSER_GAVE_UP = /^HPE_(?!HEADER_OVERFLOW|INVALID_EOF_STATE)/;

/** The bytes of a response until its headers are understood, for when they are not. */
export class ResponseHead {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(sent: ClientRequest, maxLength: number) {
    const record = (chunk: Buffer) => {
      // The parser counts the bytes of each response, and interim ones may never end.
      if (this.length > maxLength) return sent.destroy(new EndlessAnswerError());
      if (this.length < maxLength) this.chunks.push(chunk);
      this.length += chunk.length;
    };
    sent.on('socket', (socket) => {
      // Before the parser gets them, which reports an error at once.
      socket.prependListener('data', record);
      const end = () => socket.off('data', record);
      sent.once('response', end).once('upgrade', end).once('close', end);
    });
  }

  /** The status line decides, whatever is wrong with the headers behind it; undefined when none has come. */
  statusDespite(error: unknown): { status: number; retryAfter: string | undefined } | undefined {
    if (!PARSER_GAVE_UP.test(String((error as { code?: unknown }).code))) return undefined;
    const head = Buffer.concat(this.chunks).toString('latin1').replace(INTERIM, '');
    const status = STATUS_LINE.exec(head)?.[1];
    const [headers = ''] = head.split(/\r?\n\r?\n/, 1);
    return status === undefined
      ? undefined
      : { status: Number(status), retryAfter: RETRY_AFTER.exec(headers)?.[1] };
  }
}
