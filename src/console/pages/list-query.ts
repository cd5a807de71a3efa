import type { PageContext } from '../page';

/** How many rows a page of the console has. */
export const PAGE_SIZE = 50;

/** A value of the query, without the spaces of whoever has pasted it, and NUL, which PostgreSQL does not take; undefined when it is empty. */
export function given(context: PageContext, name: string): string | undefined {
  return context.query.get(name)?.replaceAll('\0', '').trim() || undefined;
}

/** A value of the query that has to be one of these; any other counts as none. */
export function oneOf<const T extends string>(
  context: PageContext,
  name: string,
  accepted: readonly T[],
): T | undefined {
  return accepted.find((value) => value === context.query.get(name));
}
