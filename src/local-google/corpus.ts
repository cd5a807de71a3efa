import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface CorpusMail {
  /** File name without `.eml`. */
  name: string;
  raw: Buffer;
}

/** The build copies the mails. */
const OWN = join(__dirname, 'corpus');

/** Mails written for the local Google: replies, attachments, charsets, broken MIME. */
export function ownCorpus(): CorpusMail[] {
  return mailsIn(OWN);
}

/** One mail by its name, such as `plain`. */
export function corpusMail(name: string): Buffer {
  byName ??= new Map(ownCorpus().map((mail) => [mail.name, mail.raw]));
  const raw = byName.get(name);
  if (raw === undefined) throw new Error(`The corpus has no mail called ${name}`);
  return raw;
}

let byName: Map<string, Buffer> | undefined;

/** The mails in a folder, their names with the prefix before them. */
export function mailsIn(folder: string, prefix = ''): CorpusMail[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
  return files.sort().map((file) => ({
    name: prefix + basename(file, '.eml'),
    raw: readFileSync(join(folder, file)),
  }));
}
