import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/failure-modes';
const PAGES = readdirSync(FOLDER);
/** What cannot be mended has no test. */
const WITHOUT_TESTS = ['limits.md'];

const TEST_LINK = /^ {2}- \[(?<name>.+)\]\((?<file>\S+)\)$/;

/** The text of a spec with the quotes of its titles as they are read. */
const source = (file: string) => readFileSync(file, 'utf8').replaceAll("\\'", "'");

const isTitleIn = (text: string, name: string) => ["'", '"', '`'].some((q) => text.includes(q + name + q));

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
        const { name, file } = TEST_LINK.exec(line)?.groups ?? {};
        const path = file && join(FOLDER, file);
        if (!path || !existsSync(path)) faults.push(`no such file: ${line}`);
        else if (!isTitleIn(source(path), name!.replaceAll('\\', ''))) faults.push(`no such test: ${line}`);
      }
    }
    end();
    expect(faults).toEqual([]);
    expect(worry).toBeDefined();
  });
});
