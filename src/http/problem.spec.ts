import { readFileSync } from 'node:fs';
import { problem } from './problem';
import { PROBLEM_CODES } from './problem-codes';

describe('docs/api.md', () => {
  it('lists every code with its status', () => {
    const rows = readFileSync('docs/api.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\d{3}) /gm);
    const listed = [...rows].map(([, code, status]) => [code, Number(status)]);
    const answered = PROBLEM_CODES.map((code) => [code, problem(code, '', '').status]);
    expect(listed.sort()).toEqual(answered.sort());
  });
});
