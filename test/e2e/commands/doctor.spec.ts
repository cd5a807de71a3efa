import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { runDoctor } from '../../../src/commands/doctor/run-doctor';
import { callCommand } from '../../support/commands/call-command';
import { type DoctorDocument, startDoctorTest } from '../../support/commands/doctor-test';
import { runProgram } from '../../support/commands/run-command';
import { eventually } from '../../support/eventually';

const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');

/** A service that works, and a doctor who finds each fault that is put into its settings. */
describe('the command doctor', () => {
  const test = startDoctorTest();
  const { doctor, settings } = test;
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));
  /** A server on loopback that answers `/health/live` with this. */
  const live = async (answer: object) => {
    const server = createServer((_, response) => response.end(JSON.stringify(answer))).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  };

  it('finds nothing where all is well, and changes nothing', async () => {
    test.app.google.project.writes = 0;
    const { status, document } = await doctor();
    expect(document.checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect([status, document.status, test.app.google.project.writes]).toEqual([0, 'ok', 0]);
    for (const { detail } of document.checks) expect(detail).toMatch(/\.$/);
  });

  it('says of each check what was found, in lines', async () => {
    const { status, stdout } = await callCommand(runDoctor, {}, settings({ GOOGLE_CLIENT_ID: '9-x' }));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ok +database +PostgreSQL \d+ answers/m);
    expect(stdout).toMatch(/^failed +project +.*\n +→ Use a client and a topic of one project\.$/m);
  });

  it.each([
    ['settings', { MESSAGE_PAYLOAD: 'all' }, 'failed', /MESSAGE_PAYLOAD: expected ids/],
    ['settings', { MESAGE_PAYLOAD: 'full' }, 'warning', /MESAGE_PAYLOAD is no setting/],
    ['encryption-keys', { ENCRYPTION_KEYS: `1:${OTHER_KEY}` }, 'failed', /tokens of mailboxes under key "1"/],
    [
      'encryption-keys',
      { ENCRYPTION_KEYS: `new:${OTHER_KEY}` },
      'failed',
      /tokens of mailboxes under key "1"/,
    ],
    ['database', { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, 'failed', /does not answer/],
    ['migrations', { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, 'skipped', /not known/],
    ['database', { DATABASE_URL: 'postgres://u:p#w@h/x' }, 'failed', /DATABASE_URL: expected .*# as %23/],
    ['public-url', { PORT: 'abc', PUBLIC_URL: '' }, 'skipped', /PORT: expected a TCP port/],
    ['public-url', { PUBLIC_URL: 'mail.example.com' }, 'skipped', /PUBLIC_URL: expected an http/],
    ['service', { PORT: 'abc', PUBLIC_URL: 'mail.example.com' }, 'skipped', /PORT: expected a TCP port/],
    ['mailboxes', { PORT: 'abc', PUBLIC_URL: 'mail.example.com' }, 'skipped', /PORT: expected a TCP port/],
    ['clock', { GOOGLE_ORIGIN: 'localhost:1' }, 'skipped', /GOOGLE_ORIGIN: expected an https origin/],
    ['public-url', { PUBLIC_URL: 'http://mail.example.com' }, 'failed', /https only/],
    ['public-url', { PUBLIC_URL: 'https://127.0.0.1:1' }, 'failed', /does not answer/],
    [
      'project',
      { GOOGLE_CLIENT_ID: '9-x.apps.googleusercontent.com' },
      'failed',
      /number 9, .* number 123456789012/,
    ],
    ['settings', { PUBSUB_DELIVERY: 'pigeon' }, 'failed', /PUBSUB_DELIVERY: expected push or pull/],
    ['project', { GOOGLE_CLIENT_ID: 'client' }, 'warning', /does not begin with the number/],
    ['topic', { PUBSUB_TOPIC: 'projects/inboxwire-local/topics/none' }, 'failed', /not there/],
    [
      'subscription',
      { PUBSUB_SUBSCRIPTION: 'projects/inboxwire-local/subscriptions/none' },
      'failed',
      /not there/,
    ],
    ['subscription', { PUBSUB_PUSH_AUDIENCE: 'another' }, 'failed', /instead of .*another/],
    [
      'service-account',
      { PUBSUB_PUSH_SERVICE_ACCOUNT: 'nobody@inboxwire-local.iam.gserviceaccount.com' },
      'failed',
      /not there/,
    ],
    ['topic', { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' }, 'skipped', /nowhere/],
    ['mailboxes', { API_KEY: 'another-key-of-at-least-24-characters' }, 'skipped', /refuses the API key/],
    ['service', { PORT: '1', PUBLIC_URL: 'http://127.0.0.1:1' }, 'failed', /does not answer/],
  ])('finds a fault of %s in the settings: %j is %s', async (name, more, status, detail) => {
    test.app.google.project.writes = 0;
    const { by, ...found } = await doctor(more);
    expect(test.app.google.project.writes).toBe(0);
    for (const check of found.document.checks) expect(check.detail).toMatch(/[.!?]$/);
    expect(by[name]).toMatchObject({
      status,
      detail: expect.stringMatching(detail),
      remedy: expect.any(String),
    });
    const hasFailed = found.document.checks.some((check) => check.status === 'failed');
    expect(found.status).toBe(hasFailed ? 1 : 0);
  });

  it('finds that PUBLIC_URL leads to another installation, or to something else', async () => {
    const other = await doctor({ PUBLIC_URL: await live({ status: 'ok', installation: 'another' }) });
    expect(other.by['public-url']).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/another installation/),
    });
    const something = await doctor({ PUBLIC_URL: await live({ hello: 'world' }) });
    expect(something.by['public-url']).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/not as this service/),
    });
  });

  it('sends its key to no service that does not name an Inboxwire of its own', async () => {
    const keys: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      keys.push(headers.authorization);
      response.end('{"status":"ok"}');
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await doctor({ PUBLIC_URL: `http://127.0.0.1:${port}` });
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => key !== undefined)).toEqual([]);
  });

  it('sees a push arrive with --round-trip, and keeps the filter of the watch', async () => {
    await test.app.api.put(
      `/v1/mailboxes/${test.mailboxId}/watch`,
      { labelIds: ['SENT'], labelFilterBehavior: 'exclude' },
      200,
    );
    const { by, status } = await doctor({}, { roundTrip: test.mailboxId });
    expect([by['round-trip']!.status, status]).toEqual(['ok', 0]);
    const { watch } = await test.app.api.get(`/v1/mailboxes/${test.mailboxId}`);
    expect(watch).toMatchObject({ labelIds: ['SENT'], labelFilterBehavior: 'exclude' });
    const nobody = await doctor({}, { roundTrip: 'mbx_01h455vb4pex5vsknk084sn02q' });
    expect(nobody.by['round-trip']).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('404'),
    });
  });

  it('refuses what is no id of a mailbox', async () => {
    for (const id of ['', '--json', 'ada@example.com'])
      expect(await runProgram(['doctor', `--round-trip=${id}`], settings())).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('--round-trip takes the id of a mailbox'),
      });
  });

  it('finds mailboxes whose consent has ended, and the consent screen that is in Testing', async () => {
    const { id } = await test.app.connect('week@example.com');
    test.app.google.revokeByUser('week@example.com');
    test.app.google.deliver('week@example.com');
    await eventually(
      async () => (await test.app.api.get(`/v1/mailboxes/${id}`)).status === 'reauthorization_required',
    );
    const early = await doctor();
    expect(early.by.mailboxes).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('week@example.com'),
    });
    await test.app.database.dataSource.query(
      `UPDATE events SET occurred_at = occurred_at - interval '7 days' WHERE mailbox_id = $1 AND type = 'mailbox.connected'`,
      [id],
    );
    const late = await doctor();
    expect(late.by.mailboxes).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('Testing'),
      remedy: expect.stringContaining('Publish'),
    });
  });

  it('without credentials says so once, and the library does not warn of it', async () => {
    const { stdout, stderr } = await runProgram(['doctor'], {
      ...settings({ GOOGLE_APPLICATION_CREDENTIALS: undefined }),
      HOME: '/nowhere',
      GCE_METADATA_HOST: '127.0.0.1:1',
    });
    expect(stdout).toMatch(/^skipped +topic +There are no credentials/m);
    expect(stderr).not.toMatch(/warning/i);
  });

  it('says the same as the built program, of which only the consents have failed by now', async () => {
    const { stdout, status } = await runProgram(['doctor', '--json'], settings());
    const document = JSON.parse(stdout) as DoctorDocument;
    const { checks } = document;
    expect(Object.keys(document)).toEqual(['status', 'checks']);
    for (const check of checks) expect(Object.keys(check)).toEqual(['name', 'status', 'detail', 'remedy']);
    const wrong = checks.filter((check) => check.status !== 'ok').map(({ name }) => name);
    expect([status, wrong]).toEqual([1, ['mailboxes']]);
  });
});
