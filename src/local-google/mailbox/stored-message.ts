import { parseMail, type MimePart } from '../mail/mime-part';
import { headerValue, splitMail } from '../mail/header-block';
import { snippetOf } from '../mail/snippet';

const HEAD_BYTES = 64 * 1024;

/** One message of a mailbox. The mail is taken apart when first asked for. */
export class StoredMessage {
  readonly labelIds: Set<string>;
  historyId = 0n;
  private parsed: { mail: MimePart; snippet: string } | null = null;

  constructor(
    readonly id: string,
    readonly threadId: string,
    readonly raw: Buffer,
    readonly internalDate: number,
    labelIds: readonly string[],
  ) {
    this.labelIds = new Set(labelIds);
  }

  get mail(): MimePart {
    return this.parse().mail;
  }

  get snippet(): string {
    return this.parse().snippet;
  }

  /** `<…>` of the Message-ID header. */
  get rfc822MessageId(): string | null {
    return referencesIn(this.raw, ['message-id'])[0] ?? null;
  }

  private parse(): { mail: MimePart; snippet: string } {
    if (this.parsed === null) {
      const mail = parseMail(this.raw);
      this.parsed = { mail, snippet: snippetOf(mail) };
    }
    return this.parsed;
  }
}

/** The message ids in the given headers, without parsing the whole mail. */
export function referencesIn(raw: Buffer, names: readonly string[]): string[] {
  const { headers } = splitMail(raw.subarray(0, HEAD_BYTES).toString('latin1'));
  return names.flatMap((name) => headerValue(headers, name)?.match(/<[^<>\s]+>/g) ?? []);
}
