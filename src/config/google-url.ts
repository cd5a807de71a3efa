/** Replaces the origin of a Google URL and keeps its path and query, so that a local stand-in can serve all of Google. */
export function googleUrl(origin: string | undefined, url: string): string {
  if (origin === undefined) return url;
  const { pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
}
