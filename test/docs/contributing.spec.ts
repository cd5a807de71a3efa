import { readdirSync, readFileSync } from 'node:fs';

/** They import nothing of the others, and their folders are no rooms. */
const BY_THEMSELVES = ['client', 'local-google'];

const foldersOf = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe('docs/CONTRIBUTING.md', () => {
  const rows = readFileSync('docs/CONTRIBUTING.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));

  it.each(foldersOf('src'))('says what src/%s is for, and names its rooms', (module) => {
    const ofModule = rows.filter((row) => row.includes(`\`${module}\``)).join('\n');
    expect(ofModule).not.toBe('');
    if (BY_THEMSELVES.includes(module)) return;
    for (const room of foldersOf(`src/${module}`)) expect(ofModule).toContain(`\`${room}\``);
  });
});
