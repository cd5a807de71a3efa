/**
 * How much of a mail an event carries. Ordinary mail stays well within; a mail that is made to do harm must not fill the
 * log, the memory or a receiver. docs/events.md has these numbers.
 */
export const PAYLOAD_LIMITS = {
  /** Characters of a text that stands in one line. RFC 5322 section 2.1.1 allows 998. */
  line: 2_000,
  /** The same of a line in which a character may be written as an HTML entity. */
  encodedLine: 20_000,
  /** Characters that are read of a header with addresses, and addresses of each. */
  addressHeader: 500_000,
  addresses: 10_000,
  attachments: 500,
  /** The last ones of a long thread. */
  references: 100,
  /** Characters of a header of `MESSAGE_HEADERS`, and how many of one name. */
  headerValue: 20_000,
  headerValues: 100,
  /** Characters of `text` and of `html`: several times what Gmail itself shows before it clips a mail. */
  body: 500_000,
};

/** Shortens what is too long, and remembers the fields that it happened to. */
export class Shortener {
  private readonly fields = new Set<string>();

  /** The names of the fields that were shortened, each once. */
  get truncated(): string[] {
    return [...this.fields];
  }

  /** The field lacks something. */
  mark(field: string): void {
    this.fields.add(field);
  }

  /** The beginning of a text, with no character cut in half. */
  text<T extends string | null | undefined>(field: string, text: T, max: number): T | string {
    if (!text || text.length <= max) return text;
    this.fields.add(field);
    // A copy: the beginning of a string keeps all of it in memory.
    return structuredClone(text.slice(0, max).replace(/[\ud800-\udbff]$/, ''));
  }

  list<T>(field: string, list: T[], max: number): T[] {
    if (list.length <= max) return list;
    this.fields.add(field);
    return list.slice(0, max);
  }
}
