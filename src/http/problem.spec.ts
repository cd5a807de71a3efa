import { readFileSync } from 'node:fs';
import type { ErrorCode } from '../common/error-codes';
import { PROBLEM_CODES, problem } from './problem';

describe('docs/api.md', () => {
  it('lists every code with its status', () => {
    const rows = readFileSync('docs/api.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\d{3}) /gm);
    const listed = [...rows].map(([, code, status]) => [code, Number(status)]);
    const answered = PROBLEM_CODES.map((code) => [code, problem(code as ErrorCode, '', '').status]);
    expect(listed.sort()).toEqual(answered.sort());
  });
});
