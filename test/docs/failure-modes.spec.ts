import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/failure-modes';
const PAGES = readdirSync(FOLDER);
/** What cannot be mended has no test. */
const WITHOUT_TESTS = ['limits.md'];

const TEST_LINK = /^\[(?<name>.+)\]\((?<file>\S+)\)$/;

/** The text of a spec with the quotes of its titles as they are read. */
const source = (file: string) => readFileSync(file, 'utf8').replaceAll("\\'", "'");

const isTitleIn = (text: string, name: string) => ["'", '"', '`'].some((q) => text.includes(q + name + q));

/** What is wrong with a link that names a test, in a page of that folder. */
function linkFault(link: string, folder: string): string | undefined {
  const { name, file } = TEST_LINK.exec(link)?.groups ?? {};
  const path = file && join(folder, file);
  if (!path || !existsSync(path)) return `no such file: ${link}`;
  return isTitleIn(source(path), name!.replaceAll('\\', '')) ? undefined : `no such test: ${link}`;
}

describe('docs/failure-modes', () => {
  it('has all its pages in the index', () => {
    const index = readFileSync('docs/failure-modes.md', 'utf8');
    for (const page of PAGES) expect(index).toContain(`(failure-modes/${page})`);
  });

  it.each(PAGES)('%s consists of worries, each with tests that exist', (page) => {
    let worry: string | undefined;
    let tests = 0;
    const faults: string[] = [];
    const end = () => {
      if (worry && tests === 0 && !WITHOUT_TESTS.includes(page)) faults.push(`no test: ${worry}`);
    };
    for (const line of readFileSync(join(FOLDER, page), 'utf8').split('\n')) {
      if (line.startsWith('- **')) {
        end();
        [worry, tests] = [line, 0];
      } else if (/^ {2,}- /.test(line)) {
        tests++;
        const fault = linkFault(line.replace(/^ {2}- /, ''), FOLDER);
        if (fault) faults.push(fault);
      }
    }
    end();
    expect(faults).toEqual([]);
    expect(worry).toBeDefined();
  });
});

describe('docs/promises.md', () => {
  it('consists of promises, each once, and each with tests that exist', () => {
    const lines = readFileSync('docs/promises.md', 'utf8').split('\n');
    const rows = lines.filter((line) => line.startsWith('|') && !/^\| (promise|-+) /.test(line));
    const faults: string[] = [];
    const promises = new Set<string>();
    for (const row of rows) {
      const { promise, tests } = /^\| (?<promise>[^|]+?) +\| (?<tests>[^|]+?) *\|$/.exec(row)?.groups ?? {};
      if (!promise || !tests) {
        faults.push(`no promise with its tests: ${row}`);
        continue;
      }
      if (promises.has(promise)) faults.push(`twice: ${promise}`);
      promises.add(promise);
      faults.push(...tests.split('<br>').flatMap((link) => linkFault(link, 'docs') ?? []));
    }
    expect(faults).toEqual([]);
    expect(promises.size).toBeGreaterThan(0);
  });
});
