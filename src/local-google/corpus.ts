import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface CorpusMail {
  /** File name without `.eml`; mails of the shared corpus are called `folder/name`. */
  name: string;
  raw: Buffer;
}

/** The build copies the mails. */
const OWN = join(__dirname, 'corpus');

/** A second, larger corpus; used when it lies beside the project. */
const SHARED = join(process.cwd(), '..', 'shared', 'mail-corpus');

/** Mails written for the local Google: replies, attachments, charsets, broken MIME. */
export function ownCorpus(): CorpusMail[] {
  return mailsIn(OWN, '');
}

/** The own corpus and, when it is at hand, the shared one. */
export function corpus(): CorpusMail[] {
  return [...ownCorpus(), ...sharedCorpus()];
}

export function sharedCorpus(): CorpusMail[] {
  if (!existsSync(SHARED)) return [];
  const folders = readdirSync(SHARED, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap((folder) => mailsIn(join(SHARED, folder.name), `${folder.name}/`));
}

/** One mail by its name (`plain`, `error_emails/empty_in_reply_to`). */
export function corpusMail(name: string): Buffer {
  byName ??= new Map(corpus().map((mail) => [mail.name, mail.raw]));
  const raw = byName.get(name);
  if (raw === undefined) throw new Error(`The corpus has no mail called ${name}`);
  return raw;
}

let byName: Map<string, Buffer> | undefined;

function mailsIn(folder: string, prefix: string): CorpusMail[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
  return files.sort().map((file) => ({
    name: prefix + basename(file, '.eml'),
    raw: readFileSync(join(folder, file)),
  }));
}
