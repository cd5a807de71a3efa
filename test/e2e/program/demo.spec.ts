import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { Receiver } from '../../fakes/receiver/receiver';
import { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { COMPILE_CACHE } from '../../support/program/compile-cache';
import { blockBelow } from '../../support/program/readme';

/** What README promises, with `npm ci` before it. */
const OWN_WEBHOOK_MS = 120_000;

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** The demo as README has it, with data of its own. */
describe('the demo', () => {
  let directory: string;
  const started: ChildProcess[] = [];
  const receivers: Receiver[] = [];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'inboxwire-demo-'));
    symlinkSync(join(process.cwd(), 'dist'), join(directory, 'dist'));
  });
  afterAll(async () => {
    for (const child of started) child.kill('SIGINT');
    for (const child of started)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (file: string, cwd: string, more: object = {}) => {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...COMPILE_CACHE, ...more };
    const child = spawn(process.execPath, [file], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output.text += stripVTControlCharacters(String(chunk))));
    return { child, output };
  };

  it('takes the commands of the README and mail of one’s own, and goes on whatever comes to its endpoints', async () => {
    const beganAt = performance.now();
    const { child, output } = run(join('dist', 'test', 'demo', 'main.js'), directory);
    const shows = (text: string | RegExp) =>
      eventually(() => output.text, { until: (seen) => new RegExp(text).test(seen), timeout: 90_000 });
    await shows(/mailbox\.connected +grace@demo\.example/);
    const [, api] = /API +(http:\S+)\/v1/.exec(output.text)!;
    const [, google] = /send mail +(http:\S+)\//.exec(output.text)!;

    const key = (await readFile(join(directory, '.data', 'demo', 'api-key'), 'utf8')).trim();
    const client = new ApiClient(api!, key);
    const [own] = (await client.get('/v1/endpoints')).data;
    const port = await freePort();
    const { secret } = await client.post('/v1/endpoints', { url: `http://127.0.0.1:${port}` }, 201);
    // Beside the libraries that it imports.
    const file = join('dist', `readme-demo-receiver-${process.pid}.mjs`);
    writeFileSync(file, blockBelow('Verify a signature', 'js').replace('.listen(4000', `.listen(${port}`));
    const reader = run(file, process.cwd(), { INBOXWIRE_SECRET: secret });
    await eventually(() => /verified message\.\w+ \w+@demo\.example/.test(reader.output.text), {
      timeout: 60_000,
    });
    expect(performance.now() - beganAt).toBeLessThan(OWN_WEBHOOK_MS);
    rmSync(file);

    expect((await fetch(`${google}/`)).headers.get('content-type')).toContain('text/html');
    const mail = { emailAddress: 'ada@demo.example', subject: 'A mail of my own' };
    const headers = { 'content-type': 'application/json' };
    const sent = await fetch(`${google}/control/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify(mail),
    });
    expect(sent.status).toBe(201);
    await shows('"A mail of my own"');

    if (hasCurl) {
      const script = blockBelow('Connect a mailbox and receive events', 'sh');
      const curl = `curl() { command curl --fail-with-body --max-time 2 "$@" || [ $? = 28 ] || exit 1; }`;
      const here = script.replaceAll('localhost:3000', new URL(api!).host);
      const { stdout } = await promisify(execFile)('bash', ['-euc', `${curl}\n${here}`], { cwd: directory });
      for (const seen of ['whsec_', '/connect/', '"ada@demo.example"', '"mailbox.connected"'])
        expect(stdout).toContain(seen);
    }

    expect(await client.post(`/v1/endpoints/${own!.id}/test`)).toMatchObject({ status: 204 });
    await shows(/endpoint\.test +✔ signature/);
    const gone = await Receiver.start();
    receivers.push(gone);
    gone.answer = () => 410;
    await client.post('/v1/endpoints', { url: gone.origin }, 201);
    await shows(/endpoint\.disabled +✔ signature/);
    const lines = output.text.length;
    await eventually(() => /✔ signature/.test(output.text.slice(lines)), { timeout: 30_000 });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(output.text).toMatch(
      /changes delivered, 0 lost, 0 doubled, 0 out of order, 0 with a bad signature/,
    );
  }, 180_000);
});
