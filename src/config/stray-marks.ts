/** A name may begin with a quotation, and lists of hosts come from the machine and are read by others too. */
const AS_THEY_ARE = new Set(['BRAND_NAME', 'NO_PROXY']);

/** What stands around a value and does not belong to it, as what is expected instead; undefined: nothing. */
export function strayMarks(variable: string, value: string): string | undefined {
  if (AS_THEY_ARE.has(variable)) return undefined;
  if (/^["'`]|["'`]$/.test(value)) return 'no quotes around the value: `docker run --env-file` keeps them';
  return value === value.trim() ? undefined : 'no spaces or line ends around the value';
}
