import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describedByCode } from './described-by-code';

const FILE = join(process.cwd(), 'docs/openapi.json');

/** `write`: writes docs/openapi.json as the code has it. Anything else: fails when the file says something else. */
async function main(command: string | undefined): Promise<void> {
  const options = { ...(await resolveConfig(FILE)), parser: 'json' };
  const described = await format(JSON.stringify(await describedByCode()), options);
  if (command === 'write') return writeFileSync(FILE, described);
  if (described === readFileSync(FILE, 'utf8')) return;
  console.error(
    'docs/openapi.json is not what the code says. Write it with `npm run openapi`, and commit it.',
  );
  process.exitCode = 1;
}

void main(process.argv[2]);
