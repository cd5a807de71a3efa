import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// A failing run prints its seed; set it here to repeat the run.
const SEED = process.env.CHAOS_SEED ?? String(Date.now() % 1_000_000);
/** What every run must have had, in the words of its report. */
const HAPPENED = [
  ...['replica killed \\(SIGKILL\\)', 'backfill asked for', 'erasure asked for'],
  ...['questions that the name server left unanswered', 'the receiver hangs'],
  ...['Gmail refuses parts of a batch \\(429\\)', 'a message is not found for a moment \\(404\\)'],
  '(an account gets a new address|two accounts swap their addresses)',
];
/** Some twenty seconds. */
const MINUTES = '0.3';
/** Most of it is patience: on a busy machine everything starts slowly, and what comes late is not lost. */
const TEST_TIMEOUT_MS = 300_000;

/** A short run of `npm run chaos`, which is where to look for what a long one does. */
describe('dist/test/chaos/main.js', () => {
  let program: ChildProcess | undefined;
  afterAll(async () => {
    if (!program || program.exitCode !== null || program.signalCode !== null) return;
    program.kill('SIGTERM');
    await once(program, 'exit');
  }, 60_000);

  it(
    'loses, doubles and misplaces nothing, whatever is killed and whatever fails',
    async () => {
      const main = join(process.cwd(), 'dist/test/chaos/main.js');
      const args = ['--enable-source-maps', main, '--seed', SEED, '--minutes', MINUTES];
      program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [program.stdout!, program.stderr!])
        stream.on('data', (chunk) => (output += String(chunk)));
      const [code] = await once(program, 'close');
      // The whole table is in the message of a failure, and with it the seed.
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Nothing was lost') });
      for (const what of HAPPENED) expect(output).toMatch(new RegExp(`${what} +\\d`));
    },
    TEST_TIMEOUT_MS,
  );
});
