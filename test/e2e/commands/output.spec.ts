import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../../support/program/compile-cache';
import { eventually } from '../../support/eventually';

/** Starts the built program from a shell, with what follows it there. */
function startInShell(args: string, then: string) {
  const { PATH, HOME } = process.env;
  const main = join(process.cwd(), 'dist/src/main.js');
  const child = spawn('sh', ['-c', `exec "$0" "$1" ${args} ${then}`, process.execPath, main], {
    env: { PATH, HOME, ...COMPILE_CACHE },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stderr: '' };
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  return { child, output };
}

describe('the output of a command', () => {
  const onLinux = existsSync('/dev/full') ? it : it.skip;

  onLinux.each(['version', 'help', 'doctor --json', 'google'])(
    'that finds the disk full: %s says so, and has not succeeded',
    async (args) => {
      const { child, output } = startInShell(args, '> /dev/full');
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(output.stderr).toContain('The output could not be written: ');
    },
  );

  it('that nobody reads any more ends nothing: the local Google goes on', async () => {
    const { child, output } = startInShell('google', '');
    child.stdout.destroy();
    await eventually(() => output.stderr.includes('Start the service with these settings:'), {
      timeout: 20_000,
    });
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(output.stderr)![0];
    expect((await fetch(`${origin}/control`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
