/** One entry of an address header, as it is written: encoded words are not decoded. */
export interface AddressEntry {
  name: string;
  /** Null when there is none. What stands in quotes or in a comment is none. */
  address: string | null;
  /** The address stands in angle brackets, behind the name. */
  inBrackets: boolean;
  /** A part of the name stands in quotes. */
  quoted: boolean;
}

interface Word {
  text: string;
  /** As it is written, with its quotes. */
  raw: string;
  quoted: boolean;
  /** An `@` stands in it, outside of quotes. */
  hasAt: boolean;
}

const SPACE = /\s+/y;
/** An encoded word (RFC 2047) is one token, whatever stands in it. */
const ENCODED_WORD = /=\?[^?\s]*\?[bq]\?[^?\s]*\?=/iy;
/** Matches wherever another quote follows. */
const QUOTED = /"([^"\\]*(?:\\[^][^"\\]*)*)\\?"/y;
/** A quote that is never closed does not hide the address behind the name, nor those that follow. */
const UNCLOSED_QUOTE = /"([^<]*)/y;
/** A route (`<@a,@b:user@host>`, RFC 5322 section 4.4) is not kept. Space belongs to an address within quotes only. */
const BRACKETS = /<(?:@[^<>:]*:)?((?:[^<>,;"]+|"[^"\\<>]*(?:\\[^][^"\\<>]*)*")*)>?/y;
const SPACE_OUTSIDE_QUOTES = /("[^"\\]*(?:\\[^][^"\\]*)*")|\s+/g;
/** A colon stands within the brackets of a domain that is a number (`user@[IPv6:::1]`). */
const ATOM = /(?:@\[[^\][\s]*\]|[^\s"(),:;<>])+/y;
const FLAT_COMMENT = /\(([^()]*)\)/y;
const UNCLOSED_COMMENT = /\(([^(<,;]*)/y;

/**
 * Takes an address header (RFC 5322 section 3.4) apart. The names of groups are left out: their members are entries like
 * others. Text that breaks the grammar is read as far as possible; the time is linear in its length.
 */
export function* addressEntries(header: string): Generator<AddressEntry> {
  const reader = new EntryReader(header);
  while (!reader.atEnd) {
    const entry = reader.next();
    if (entry.name !== '' || entry.address !== null) yield entry;
  }
}

/** The words that are an address without brackets: one, or several with space or comments around the `@`. */
function bareAddress(words: Word[]): Word[] {
  const whole = words.find(({ hasAt, raw }) => hasAt && /[^@]@[^@]/.test(raw));
  if (whole) return [whole];
  for (const [index, { raw }] of words.entries())
    for (const count of [2, 3]) {
      const some = words.slice(index, index + count);
      // A domain without a dot is more likely the name of somebody elsewhere: `John @work`.
      if (
        !raw.startsWith('@') &&
        /^("[^"@]*"|[^"@]+)@[^"@]+\.[^"@]+$/.test(some.map((word) => word.raw).join(''))
      )
        if (some.slice(1).some((word) => word.raw.startsWith('@')) || raw.endsWith('@')) return some;
    }
  return [];
}

/** Without what some mail programs put around it. */
function plainAddress(written: string): string | null {
  const address = written.replace(SPACE_OUTSIDE_QUOTES, '$1').replace(/^(?:mailto|smtp):/i, '');
  return address.replace(/^'([^']+@[^']+)'$/, '$1') || null;
}

/** Within an address, an `@` or a dot stands next to what is quoted. */
function goesOn(quoted: Word, { raw }: Word): boolean {
  return /^[@.]/.test(raw) || quoted.raw.endsWith('.');
}

class EntryReader {
  private at = 0;
  private words: Word[] = [];
  private afterSpace = true;
  private comment = '';
  private brackets: string | undefined;
  /** What a colon followed: a group, or the beginning of a name. */
  private before: string[] = [];
  /** A comment is not closed: which parentheses belong together is not known any more. */
  private commentIsOpen = false;
  /** A group ends with a semicolon. */
  private readonly lastSemicolon: number;

  constructor(private readonly text: string) {
    this.lastSemicolon = text.lastIndexOf(';');
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The entry up to the next comma or semicolon. */
  next(): AddressEntry {
    this.begin();
    this.before = [];
    while (!this.atEnd) {
      if (this.readSpace() || this.readComment() || this.readBrackets() || this.readWord()) continue;
      const mark = this.text[this.at++];
      if (mark === ',' || mark === ';') break;
      if (mark === ':' && this.brackets === undefined) this.beginAnew();
      this.afterSpace = true;
    }
    return this.entry();
  }

  private begin(): void {
    this.words = [];
    this.afterSpace = true;
    this.comment = '';
    this.brackets = undefined;
  }

  /** What came before a colon is the name of a group; or, as in `Service: Alerts <alerts@example.com>`, of nobody quoted. */
  private beginAnew(): void {
    if (this.at > this.lastSemicolon && this.words.length > 0)
      this.before.push(`${this.words.map(({ text }) => text).join(' ')}:`);
    this.begin();
  }

  private entry(): AddressEntry {
    const inBrackets = this.brackets !== undefined;
    const bare = inBrackets ? [] : bareAddress(this.words);
    const inName = this.words.filter((word) => !bare.includes(word));
    const names = [...(inBrackets ? this.before : []), ...inName.map(({ text }) => text)];
    const address = inBrackets ? this.brackets! : bare.map(({ raw }) => raw).join('');
    return {
      name: names.join(' ') || this.comment,
      address: plainAddress(address),
      inBrackets,
      quoted: inName.some(({ quoted }) => quoted),
    };
  }

  private readSpace(): boolean {
    if (!this.match(SPACE)) return false;
    this.afterSpace = true;
    return true;
  }

  /** The first one is the name of an address that has no other. */
  private readComment(): boolean {
    if (this.text[this.at] !== '(') return false;
    const comment =
      this.nestedComment() ?? (this.match(FLAT_COMMENT) ?? this.match(UNCLOSED_COMMENT))?.[1] ?? '';
    this.comment ||= comment.trim();
    this.afterSpace = true;
    return true;
  }

  /** Comments may stand within comments. Undefined when this one is not closed. */
  private nestedComment(): string | undefined {
    let depth = 0;
    for (let at = this.at; at < this.text.length && !this.commentIsOpen; at++) {
      const char = this.text[at];
      if (char === '\\') at++;
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) {
        const comment = this.text.slice(this.at + 1, at);
        this.at = at + 1;
        return comment;
      }
    }
    this.commentIsOpen = true;
    return undefined;
  }

  private readBrackets(): boolean {
    const match = this.match(BRACKETS);
    if (!match) return false;
    this.brackets ||= match[1]!.trim();
    this.afterSpace = true;
    return true;
  }

  /** What stands together is one word. */
  private readWord(): boolean {
    const word = this.quotedWord() ?? this.plainWord();
    if (!word) return false;
    const last = this.afterSpace ? undefined : this.words.at(-1);
    if (!last || (last.quoted && !goesOn(last, word))) this.words.push(word);
    else {
      last.text += word.text;
      last.raw += word.raw;
      last.quoted ||= word.quoted;
      last.hasAt ||= word.hasAt;
    }
    this.afterSpace = false;
    return true;
  }

  private quotedWord(): Word | undefined {
    const match = this.match(QUOTED) ?? this.match(UNCLOSED_QUOTE);
    if (!match) return undefined;
    const text = match[1]!.replace(/\\([^])/g, '$1').trim();
    return { text, raw: match[0], quoted: true, hasAt: false };
  }

  /** An encoded word is no address, whatever it holds (RFC 2047 section 5). */
  private plainWord(): Word | undefined {
    const encoded = this.match(ENCODED_WORD)?.[0];
    const raw = encoded ?? this.match(ATOM)?.[0];
    return raw === undefined
      ? undefined
      : { text: raw, raw, quoted: false, hasAt: encoded === undefined && raw.includes('@') };
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text) ?? undefined;
    if (match) this.at = pattern.lastIndex;
    return match;
  }
}
