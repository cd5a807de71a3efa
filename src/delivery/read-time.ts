import { InvalidValueError } from '../common/inboxwire.error';

/**
 * @param path the field that it comes from
 * @param text RFC 3339
 * @returns milliseconds since the epoch
 * @throws InvalidValueError for a time that looks like one and is none, such as the 40th of January
 */
export function readTime(path: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidValueError(path, `${path} must be a time that exists`);
  return time;
}
