import { redact } from './redact';

/** An error in one line, for a log or a `lastError`: its message and those of its causes, without stacks and secrets. */
export function describeError(error: unknown): string {
  return redact(messagesOf(error));
}

function messagesOf(error: unknown): string {
  if (!Error.isError(error)) return wordsOf(error);
  const own = error.message || error.name;
  const because = error.cause === undefined ? own : messagesOf(error.cause);
  if (because === own) return own;
  return `${own}${own.endsWith('.') ? '' : ':'} ${because}`;
}

/** The cause of an error of Google's library is an object with a message, and no error. */
function wordsOf(thrown: unknown): string {
  const isPlain = Object.prototype.toString.call(thrown) === '[object Object]';
  const { message } = (thrown ?? {}) as { message?: unknown };
  return isPlain && typeof message === 'string' ? message : String(thrown);
}
