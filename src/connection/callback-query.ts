/** What Google's redirect says. Anything may be missing, and anybody can call it with anything. */
export interface CallbackQuery {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
}

/** Takes the parameters that are given once; Google adds others, now and in future, which mean nothing here. */
export function readCallback(query: Record<string, unknown>): CallbackQuery {
  return { state: text(query.state), code: text(query.code), error: text(query.error) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
