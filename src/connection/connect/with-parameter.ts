/**
 * Appends a parameter to the query. What was given stays as it is, byte for byte: an application may compare it, or have
 * signed it. Only what a header cannot carry is encoded, as a browser would.
 */
export function withParameter(url: string, name: string, value: string): string {
  const given = /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href;
  const [, base, fragment] = /^([^#]*)(.*)$/.exec(given)!;
  const separator = !base!.includes('?') ? '?' : /[?&]$/.test(base!) ? '' : '&';
  return `${base}${separator}${new URLSearchParams({ [name]: value }).toString()}${fragment}`;
}
