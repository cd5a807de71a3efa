import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { blockBelow } from '../../support/program/readme';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the commands of the README', () => {
  let app: TestApp;
  let directory: string;
  let receiver: ChildProcess | undefined;
  beforeAll(async () => {
    app = await createTestApp();
    directory = mkdtempSync(join(tmpdir(), 'inboxwire-readme-'));
    mkdirSync(join(directory, '.data', 'demo'), { recursive: true });
    writeFileSync(join(directory, '.data', 'demo', 'api-key'), API_KEY);
  });
  afterAll(async () => {
    receiver?.kill();
    await app?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  (hasCurl ? it : it.skip)('connect a mailbox and receive events, as they stand', async () => {
    await app.connect('ada@example.com');
    const block = blockBelow('Connect a mailbox and receive events', 'sh');
    const script = block.replaceAll('localhost:3000', new URL(app.service.address).host);
    // The stream does not end by itself: curl ends with 28 then.
    const curl = `curl() { command curl --fail-with-body --max-time 2 "$@" || [ $? = 28 ] || exit 1; echo; echo --; }`;
    const { stdout } = await promisify(execFile)('bash', ['-euc', `${curl}\n${script}`], { cwd: directory });
    const [endpoint, session, mailboxes, events, stream, deliveries] = stdout.split('\n--\n');
    const parsed = (text: string | undefined) => JSON.parse(text!) as Record<string, unknown>;
    expect(parsed(endpoint)).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    expect(parsed(session)).toMatchObject({ url: expect.stringContaining('/connect/') });
    expect(parsed(mailboxes)).toMatchObject({ data: [{ emailAddress: 'ada@example.com' }] });
    expect(parsed(events)).toMatchObject({ data: [{ type: 'mailbox.connected' }] });
    expect(stream).toMatch(/^(:|retry:|id:)/m);
    expect(parsed(deliveries)).toHaveProperty('data');
  });

  it('start the receiver, which verifies a webhook', async () => {
    const port = await freePort();
    const { secret } = await app.api.post('/v1/endpoints', { url: `http://127.0.0.1:${port}` }, 201);
    // Beside the libraries that it imports.
    const file = join('dist', `readme-receiver-${process.pid}.mjs`);
    writeFileSync(file, blockBelow('Verify a signature', 'js').replace('.listen(4000', `.listen(${port}`));
    receiver = spawn(process.execPath, [file], {
      env: { ...process.env, INBOXWIRE_SECRET: secret },
    });
    let output = '';
    for (const stream of [receiver.stdout!, receiver.stderr!])
      stream.on('data', (chunk) => (output += String(chunk)));
    await app.connect('grace@example.com');
    await eventually(() => output, {
      until: (seen) => seen.includes('verified mailbox.connected grace@example.com'),
    });
    rmSync(file);
  });
});
