import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedSecrets } from './generated-secrets';

describe(generatedSecrets, () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'inboxwire-secrets-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('makes both once', async () => {
    const made = await generatedSecrets(directory);
    expect(await generatedSecrets(directory)).toEqual(made);
    expect(await readFile(join(directory, 'api-key'), 'utf8')).toBe(`${made.apiKey}\n`);
  });

  it.each([
    ['api-key', '', 'at least 24 characters'],
    ['api-key', 'short', 'at least 24 characters'],
    ['api-key', 'two words that are longer than 24', 'without spaces'],
    ['encryption-keys', '', 'put it back from a backup'],
    ['encryption-keys', '1:abc', 'put it back from a backup'],
  ])('refuses the file %s with %j, and says what is expected', async (name, content, expected) => {
    const path = join(directory, name);
    await writeFile(path, content);
    await expect(generatedSecrets(directory)).rejects.toThrow(`${path}: expected `);
    await expect(generatedSecrets(directory)).rejects.toThrow(expected);
    expect(await readFile(path, 'utf8')).toBe(content);
  });
});
