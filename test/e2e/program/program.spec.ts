import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { COMPILE_CACHE } from '../../support/program/compile-cache';

const GOOGLE = {
  GOOGLE_CLIENT_ID: 'client',
  GOOGLE_CLIENT_SECRET: 'secret',
  PUBSUB_TOPIC: 'projects/p/topics/t',
  PUBSUB_SUBSCRIPTION: 'projects/p/subscriptions/s',
  PUBSUB_PUSH_SERVICE_ACCOUNT: 'push@p.iam.gserviceaccount.com',
};

/** A first start makes a database; on a busy machine that takes its time. */
const START_DEADLINE_MS = 60_000;

/** Prints a line when a handler for SIGTERM is installed. */
const TELLS_OF_HANDLERS = `
  import Module from 'node:module';
  process.on('newListener', (name) => {
    const loaded = Object.keys(Module._cache).length;
    if (name === 'SIGTERM') console.log('SIGTERM is handled, ' + loaded + ' module loaded');
  });`;

/** The built program itself, as `npm start` runs it. */
describe('dist/src/main.js', () => {
  let directory: string;
  let port: number;
  const started: ChildProcess[] = [];

  const run = (settings: Record<string, string>, options: string[] = []) => {
    const program = spawn(process.execPath, [...options, join(process.cwd(), 'dist/src/main.js')], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...COMPILE_CACHE, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(program);
    const output = { text: '' };
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (chunk) => (output.text += String(chunk)));
    return { program, output };
  };
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  };
  const startTestReplica = async () => {
    const { program, output } = run({ ...GOOGLE, PORT: String(port), DATA_DIR: join(directory, 'data') });
    await eventually(isReady, { timeout: START_DEADLINE_MS });
    return { program, output };
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inboxwire-program-'));
    port = await freePort();
  });
  afterAll(async () => {
    for (const program of started) program.kill('SIGKILL');
    await (await EmbeddedPostgres.start(join(directory, 'data'))).stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('prints every fault of its settings and exits with 78 before it listens', async () => {
    const { program, output } = run({
      ...GOOGLE,
      PORT: 'eighty',
      PUBSUB_TOPIC: 'gmail',
      WATCH_RENEW_BEFORE: 'a day',
    });
    expect(await once(program, 'exit')).toEqual([78, null]);
    for (const name of ['PORT', 'PUBSUB_TOPIC', 'WATCH_RENEW_BEFORE'])
      expect(output.text).toMatch(new RegExp(`^${name}: expected .+$`, 'm'));
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends with 0 on %s while it waits for a database',
    async (signal) => {
      const key = `1:${Buffer.alloc(32).toString('base64')}`;
      const secrets = { API_KEY: 'a-key-of-at-least-24-characters', ENCRYPTION_KEYS: key };
      const { program, output } = run({ ...GOOGLE, ...secrets, DATABASE_URL: 'postgres://127.0.0.1:1/x' });
      await eventually(() => output.text.includes('waiting for the database'), { timeout: 20_000 });
      program.kill(signal);
      expect(await once(program, 'exit')).toEqual([0, null]);
    },
  );

  it('is ready for SIGTERM before it loads anything, and ends with 0 also then', async () => {
    const key = `1:${Buffer.alloc(32).toString('base64')}`;
    const secrets = { API_KEY: 'a-key-of-at-least-24-characters', ENCRYPTION_KEYS: key };
    const settings = { ...GOOGLE, ...secrets, DATABASE_URL: 'postgres://127.0.0.1:1/x' };
    const { program, output } = run(settings, ['--import', `data:text/javascript,${TELLS_OF_HANDLERS}`]);
    await eventually(() => output.text.includes('SIGTERM'), { timeout: 20_000 });
    program.kill('SIGTERM');
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(output.text).toContain('SIGTERM is handled, 1 module loaded\n');
  });

  it('starts with nothing but Google, survives a SIGKILL, and ends with 0 on SIGTERM, also when that comes twice', async () => {
    const first = await startTestReplica();
    const keyFile = join(directory, 'data', 'api-key');
    const key = await readFile(keyFile, 'utf8');
    expect(key.trim().length).toBeGreaterThanOrEqual(24);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(first.output.text).not.toContain(key.trim());
    first.program.kill('SIGKILL');
    await once(first.program, 'exit');

    const second = await startTestReplica();
    expect(await readFile(keyFile, 'utf8')).toBe(key);
    const answer = await fetch(`http://127.0.0.1:${port}/v1/mailboxes`, {
      headers: { authorization: `Bearer ${key.trim()}` },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { data: [], nextCursor: null }]);
    const exit = once(second.program, 'exit');
    second.program.kill('SIGTERM');
    const isEnding = () =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        ({ status }) => status === 503,
        () => true,
      );
    await eventually(isEnding);
    second.program.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(second.output.text).not.toMatch(/"level":(50|60)/);
  }, 150_000);
});
