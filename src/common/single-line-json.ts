/** What JSON leaves as it is, and many readers of lines take for the end of one: Python's and Java's, besides others. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** @returns the same JSON, with those characters escaped */
export function onSingleLine(json: string): string {
  return json.replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
