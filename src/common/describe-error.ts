import { redact } from './redact';

/** An error in one line, for a log or a `lastError`: its message and those of its causes, without stacks and secrets. */
export function describeError(error: unknown): string {
  return redact(messagesOf(error));
}

function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  if (error.cause === undefined) return own;
  return `${own}${own.endsWith('.') ? '' : ':'} ${messagesOf(error.cause)}`;
}
