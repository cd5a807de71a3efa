import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = 'src/local-google';
/** Without its tests, which may use what is there in development alone. */
const FILES = globSync(`${FOLDER}/**/*.ts`).filter((file) => !/\.spec\.ts$|\/testing\//.test(file));
const IMPORT = /(?:\bfrom|\bimport\(?) ?'(?<name>[\w.@][^'\n]*)'/g;

const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(({ groups }) => groups!.name!);
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('the local Google', () => {
  it('imports nothing else of the program, and no package that the program does not bring', () => {
    const foreign = FILES.flatMap((file) =>
      importsOf(file)
        .map((name) => (name.startsWith('.') ? join(dirname(file), name) : name))
        .filter(
          (name) => !name.startsWith(`${FOLDER}/`) && !name.startsWith('node:') && !(name in dependencies),
        )
        .map((name) => `${file}: ${name}`),
    );
    expect(FILES.length).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
  });

  it('ships with the program and the image, which have all of src', () => {
    expect(readFileSync('Dockerfile', 'utf8')).toContain('\nCOPY --from=build /app/dist/src ./dist/src\n');
    const { exclude } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as { exclude: string[] };
    expect(exclude.filter((pattern) => pattern.includes('local-google'))).toEqual([`${FOLDER}/testing`]);
  });

  it('is the one of the demo too', () => {
    const demo = ['test/demo/demo-setup.ts', 'test/support/program/local-setup.ts'].flatMap(importsOf);
    expect(demo).toContain('../../../src/local-google/local-google');
    expect(importsOf('src/commands/google/run-google.ts')).toContain('../../local-google/local-google');
  });
});
