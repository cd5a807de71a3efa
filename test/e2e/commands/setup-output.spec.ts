import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../support/commands/run-command';
import { type SetupDocument, startSetupTest } from '../../support/commands/setup-test';
import { eventually } from '../../support/eventually';
import { PUSH } from '../../support/program/local-setup';

const SERVICES = ['cloudresourcemanager', 'iam', 'pubsub', 'gmail'];
const ACCOUNTS = '/v1/projects/inboxwire-local/serviceAccounts';

describe('the command setup: where it looks, what it waits for, and the form of what it says', () => {
  const test = startSetupTest();
  const { setup, setupJson, settings, body } = test;
  afterEach(() => jest.restoreAllMocks());

  it('calls GOOGLE_ORIGIN alone, by the paths that Google has, for its token too', async () => {
    const { project, requests } = test.google;
    project.enabledAt.clear();
    project.enabledAt.set('serviceusage.googleapis.com', 0);
    await setup();
    const paths = new Set(requests.list().map(({ path }) => path));
    const services = SERVICES.map((name) => `/v1/projects/inboxwire-local/services/${name}.googleapis.com`);
    const resources = [PUSH.topic, PUSH.subscription].flatMap((name) => [name, `${name}-dead-letter`]);
    const policies = [PUSH.topic, `${PUSH.topic}-dead-letter`, PUSH.subscription];
    expect(paths).toEqual(
      new Set([
        '/token',
        ...services.flatMap((path) => [path, `${path}:enable`]),
        '/v1/projects/inboxwire-local',
        ...[ACCOUNTS, `${ACCOUNTS}/${PUSH.serviceAccount}`],
        ...resources.map((name) => `/v1/${name}`),
        ...policies.flatMap((name) => [`/v1/${name}:getIamPolicy`, `/v1/${name}:setIamPolicy`]),
      ]),
    );
  });

  it('waits for an API that is being enabled for 2 minutes, and no longer', async () => {
    const { project, requests } = test.google;
    project.enabledAt.clear();
    project.enabledAt.set('serviceusage.googleapis.com', 0);
    project.enablingMs = 1e9;
    let ahead = 0;
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
    const looks = () => requests.count({ method: 'serviceusage.services.get' });
    let hasEnded = false;
    const running = setupJson().finally(() => (hasEnded = true));
    await eventually(() => looks() > 2);
    ahead = 100_000;
    const [before, deadline] = [looks(), performance.now() + 20_000];
    await eventually(() => looks() > before || performance.now() > deadline, { timeout: 1e9 });
    expect([looks() > before, hasEnded]).toEqual([true, false]);
    ahead = 121_000;
    const { status, steps } = await running;
    expect([status, steps.apis]).toMatchObject([
      1,
      {
        status: 'failed',
        detail: 'cloudresourcemanager.googleapis.com is still being enabled after 120 s.',
        remedy: expect.stringContaining('Run setup again'),
      },
    ]);
    expect(steps.topic!.status).toBe('failed');
  });

  it('ends a dry run with 1 when a step fails, and changes nothing by it', async () => {
    await setup();
    body(PUSH.subscription).topic = 'projects/inboxwire-local/topics/other';
    test.google.project.writes = 0;
    const { status, steps } = await setupJson({ dryRun: true });
    expect([status, steps.subscription!.status, test.google.project.writes]).toEqual([1, 'failed', 0]);
  });

  it('prints each step with its status, and the remedy of one that failed; how far it is goes to stderr', async () => {
    const first = await setup();
    body(PUSH.subscription).ackDeadlineSeconds = 60;
    test.google.project.denied.set('iam.serviceAccounts.get', { named: true });
    const later = await setup();
    const dry = await setup({ dryRun: true });
    expect(first.stdout).toMatch(/^created +topic +\S/m);
    expect(later.stdout).toMatch(/^ok +topic +\S/m);
    expect(later.stdout).toMatch(/^failed +service-account +\S.*\n +→ The credentials lack/m);
    for (const { stdout, stderr } of [first, later, dry]) {
      expect(stderr).toMatch(/^(Setting up|Looking at) project inboxwire-local …$/m);
      expect(stdout).not.toContain('project inboxwire-local …');
    }
    test.google.project.denied.clear();
    expect((await setup()).stdout).toMatch(/^changed +subscription +.*60 s instead of 10 s/m);
  });

  it('has one JSON document with --json, of this form and nothing else', async () => {
    test.google.project.denied.set('pubsub.topics.create', { named: true });
    const { stdout } = await setup({ json: true });
    const document = JSON.parse(stdout) as SetupDocument;
    expect(Object.keys(document)).toEqual(['status', 'steps', 'todo']);
    expect(['ok', 'failed']).toContain(document.status);
    for (const step of document.steps)
      expect(step).toEqual({
        name: expect.any(String),
        status: expect.stringMatching(/^(ok|created|changed|failed)$/),
        detail: expect.any(String),
        remedy: step.status === 'failed' ? expect.any(String) : null,
      });
    for (const entry of document.todo)
      expect(entry).toEqual({ title: expect.any(String), url: expect.stringMatching(/^https:/) });
  });

  it('prints the settings of a subscription that is pulled with --print-env', async () => {
    const pull = { PUBSUB_DELIVERY: 'pull', PUBSUB_PUSH_SERVICE_ACCOUNT: undefined };
    const { status, stdout } = await setup({ printEnv: true }, pull);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^([A-Z_]+=\S+\n)+$/);
    expect(stdout).toContain('PUBSUB_DELIVERY=pull\n');
  });

  it('reads its settings from .env too, and writes results and progress to streams of their own', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'inboxwire-setup-'));
    const lines = Object.entries(settings()).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(directory, '.env'), lines.join(''));
    try {
      const { status, stdout, stderr } = await runProgram(['setup', '--print-env'], {}, directory);
      expect(status).toBe(0);
      expect(stdout).toMatch(/^([A-Z_]+=\S+\n)+$/);
      expect(stderr).toMatch(/^Setting up project inboxwire-local …$/m);
      expect(stderr).toMatch(/^created +subscription/m);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
