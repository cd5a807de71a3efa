import type { ProblemDetail } from '../../http/problem';

/** What stands in the place of a value. */
export const HIDDEN = '***';

const MAX_HEADERS = 20;
const MAX_LENGTH = 4_096;

/** RFC 9110: a token. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,256}$/;
/** Visible ASCII, with spaces inside. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/** Inboxwire sets these itself, or they concern the connection alone. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  ...['connection', 'expect', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'trailers', 'transfer-encoding', 'upgrade'],
  ...['host', 'content-length', 'content-type', 'user-agent'],
]);

/** Every fault of what is given as the headers of an endpoint; none when it can be sent. */
export function headerFaults(headers: object): ProblemDetail[] {
  const entries: [string, unknown][] = Object.entries(headers);
  const fault = (name: string, message: string) => ({ path: name ? `headers.${name}` : 'headers', message });
  if (entries.length > MAX_HEADERS) return [fault('', `must not be more than ${MAX_HEADERS} headers`)];
  const faults = entries.flatMap(([name, value]) => {
    const message = faultOf(name.toLowerCase(), value);
    return message === undefined ? [] : [fault(name, message)];
  });
  const names = entries.map(([name]) => name.toLowerCase());
  const twice = entries.find(([name], index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice) faults.push(fault(twice[0], 'is there twice: the case of letters makes no other header'));
  return faults;
}

/** Never with the value, which is a secret. */
function faultOf(name: string, value: unknown): string | undefined {
  if (!NAME.test(name)) return 'is no name of a header';
  if (RESERVED.has(name)) return 'cannot be set: Inboxwire sets it, or it concerns the connection alone';
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !VALUE.test(value))
    return `must be text of 1 to ${MAX_LENGTH} visible ASCII characters, with spaces inside only`;
  if (value === HIDDEN) return `must be the value itself: ${HIDDEN} is shown in its place`;
  return undefined;
}
