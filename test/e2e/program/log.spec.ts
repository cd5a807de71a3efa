import { existsSync } from 'node:fs';
import { eventually } from '../../support/eventually';
import { startProgramTest } from '../../support/program/program-test';

/** A disk on which there is never any room. Linux has it. */
const FULL = '/dev/full';

/** The built program, and what becomes of its log. */
describe('the log of dist/src/main.js', () => {
  const test = startProgramTest();
  const { start, statusOf } = test;

  (existsSync(FULL) ? it : it.skip)('that finds its disk full costs lines, and nothing else', async () => {
    const program = start({ DATABASE_URL: test.database.url, LOG_LEVEL: 'trace' }, FULL);
    await eventually(async () => (await statusOf('/health/ready')) === 200, { timeout: 20_000 });
    expect(await program.signal('SIGTERM')).toBe(0);
  });
});
