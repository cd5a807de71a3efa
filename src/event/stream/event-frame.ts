import { onSingleLine } from '../../common/single-line-json';
import type { InboxwireEvent } from '../event.types';

/**
 * An event as server-sent events carry it (https://html.spec.whatwg.org/multipage/server-sent-events.html). Without an
 * `event:` field, so that `onmessage` of an EventSource gets events of every type, also of those that are yet to come.
 */
export function eventFrame(event: InboxwireEvent): Buffer {
  return Buffer.from(`id: ${event.id}\ndata: ${onSingleLine(JSON.stringify(event))}\n\n`);
}

/** The event of such a frame. */
export function eventIn(frame: Buffer): InboxwireEvent {
  const text = frame.toString();
  return JSON.parse(text.slice(text.indexOf('\ndata: ') + '\ndata: '.length)) as InboxwireEvent;
}

/**
 * What begins with a colon is a comment. An `id` without data shows a client how far it has got and calls no handler:
 * a filter may leave everything out for longer than the log is kept.
 *
 * @param options.id where to resume; left out when the client knows
 * @param options.retry milliseconds after which the client may come back
 */
export function commentFrame(comment: string, options: { id?: string; retry?: number } = {}): string {
  const retry = options.retry === undefined ? '' : `retry: ${options.retry}\n`;
  const id = options.id === undefined ? '' : `id: ${options.id}\n`;
  return `: ${comment}\n${retry}${id}\n`;
}
