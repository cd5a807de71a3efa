import { globSync, readFileSync } from 'node:fs';

describe('the source', () => {
  it('has no two error classes of one name, so that a log line names one of them', () => {
    const names = globSync('src/**/*.ts', { exclude: (path) => path.includes('generated') })
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^(?:export )?class (\w+Error)\b/gm)])
      .map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
