import { headerValue, splitMail } from '../mail/header-block';
import { readParameters } from '../mail/header-parameters';
import { splitMultipart } from '../mail/multipart';
import { reasonPhrase, type HttpResponse, type HttpRequest } from '../http/exchange';

export interface BatchPart {
  contentId: string | null;
  /** Null when the part is no HTTP request. */
  request: HttpRequest | null;
}

/** The calls within a `multipart/mixed` body, or null when it is none. Parts inherit the outer authorization. */
export function readBatch(outer: HttpRequest): BatchPart[] | null {
  const type = readParameters(outer.headers['content-type'] ?? '');
  const boundary = type.parameters.get('boundary');
  if (type.value !== 'multipart/mixed' || !boundary) return null;
  const sections = splitMultipart(outer.body.toString('latin1'), boundary);
  return sections.length === 0 ? null : sections.map((section) => readPart(section, outer));
}

function readPart(section: string, outer: HttpRequest): BatchPart {
  const { headers, body } = splitMail(section);
  const contentId = headerValue(headers, 'content-id');
  const [, line = '', rest = ''] = /^\s*([^\r\n]*)(?:\r?\n)?([\s\S]*)$/.exec(body) ?? [];
  const asked = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?\s*$/.exec(line);
  const url = asked?.[2] ?? '';
  if (asked === null || !URL.canParse(url, 'http://local')) return { contentId, request: null };
  const { pathname: path, searchParams: query } = new URL(url, 'http://local');
  const inner = splitMail(rest);
  const own = Object.fromEntries(inner.headers.map(({ name, value }) => [name.toLowerCase(), value]));
  const { authorization } = outer.headers;
  const inherited = authorization === undefined ? {} : { authorization };
  const content = inner.headers.length > 0 || rest.trim() !== '' ? inner.body : '';
  const request = {
    method: asked[1] ?? 'GET',
    path,
    query,
    headers: { ...inherited, ...own },
    body: Buffer.from(content.trim(), 'latin1'),
  };
  return { contentId, request };
}

export interface BatchResponse {
  contentId: string | null;
  answer: HttpResponse;
}

export function writeBatch(answers: readonly BatchResponse[], boundary: string): HttpResponse {
  const parts = answers.map((part) => `--${boundary}\r\n${writePart(part)}\r\n`);
  return {
    status: 200,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}

function writePart({ contentId, answer }: BatchResponse): string {
  const id = contentId === null ? [] : [`Content-ID: ${responseId(contentId)}`];
  const body = answer.body ?? '';
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => `${titled(name)}: ${value}`);
  const status = `HTTP/1.1 ${answer.status} ${reasonPhrase(answer.status)}`;
  const head = ['Content-Type: application/http', ...id, '', status, ...headers];
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

/** `<item1:12930812@example.com>` is answered by `<response-item1:12930812@example.com>`. */
function responseId(contentId: string): string {
  return contentId.startsWith('<') ? `<response-${contentId.slice(1)}` : `response-${contentId}`;
}

function titled(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
