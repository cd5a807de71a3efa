import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CorpusMail, mailsIn, ownCorpus } from '../corpus';

/** Mails of real life, many of them malformed, from the tests of the Ruby library `mail` (mails/LICENSE). */
const COLLECTED = join(__dirname, 'mails');

/** Every mail that there is for tests: the local Google's own, and the collected ones, which are called `folder/name`. */
export function corpus(): CorpusMail[] {
  return [...ownCorpus(), ...collectedMails()];
}

export function collectedMails(): CorpusMail[] {
  const folders = readdirSync(COLLECTED, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => mailsIn(join(COLLECTED, name), `${name}/`));
}
