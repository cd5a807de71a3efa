import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Command } from './command';

export const VERSION_COMMAND: Command = {
  name: 'version',
  summary: 'print the version',
  description: 'Prints the version of the program.',
  options: [],
  examples: [['node dist/src/main.js version', 'such as 1.0.0']],
  run: async ({ print }) => {
    print(programVersion());
    return 0;
  },
};

export function programVersion(): string {
  const file = findPackageJSON('..', __filename)!;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
