import { writeFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { credentialsFile, externalAccount, USER_CREDENTIALS } from '../../support/commands/admin-key';
import { runProgram } from '../../support/commands/run-command';
import {
  PUBLIC_URL,
  type SetupDocument as Document,
  startSetupTest,
} from '../../support/commands/setup-test';
import { PUSH } from '../../support/program/local-setup';

describe('the command setup: what it prints, and what stands in its way', () => {
  const test = startSetupTest();
  const { setup, setupJson, settings } = test;

  it.each([
    ['topic', 'pubsub.topics.create', true, 'roles/pubsub.admin'],
    ['topic', 'pubsub.topics.create', false, 'roles/pubsub.admin'],
    ['publisher', 'pubsub.topics.setIamPolicy', false, 'roles/pubsub.admin'],
    ['subscription', 'pubsub.subscriptions.create', false, 'roles/pubsub.admin'],
    ['service-account', 'iam.serviceAccounts.create', true, 'roles/iam.serviceAccountAdmin'],
    ['project', 'resourcemanager.projects.get', false, 'roles/browser'],
    ['apis', 'serviceusage.services.get', true, 'roles/serviceusage.serviceUsageAdmin'],
  ])(
    'ends with 77 when %s lacks %s, whether Google names it (%s) or not',
    async (name, permission, named, role) => {
      test.google.project.denied.set(permission, { named });
      const { status, steps } = await setupJson();
      expect(status).toBe(77);
      expect(steps[name]).toMatchObject({ status: 'failed', remedy: expect.stringContaining(permission) });
      expect(steps[name]!.remedy).toContain(role);
      expect(steps['dead-letter-topic']!.status).toBe(name === 'topic' ? 'failed' : 'created');
    },
  );

  it('names the organisation policy that keeps Gmail out', async () => {
    test.google.project.domainRestricted = true;
    const { status, steps } = await setupJson();
    expect([status, steps.publisher!.status]).toEqual([1, 'failed']);
    expect(steps.publisher!.remedy).toContain('iam.allowedPolicyMemberDomains');
  });

  it('names the API that keeps being disabled, and does not wait for it when it cannot be enabled', async () => {
    test.google.project.enabledAt.delete('pubsub.googleapis.com');
    test.google.project.denied.set('serviceusage.services.enable', { named: true });
    const { status, steps } = await setupJson();
    expect(status).toBe(77);
    expect(steps.topic).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('Enable pubsub.googleapis.com'),
    });
  });

  it('prints nothing but settings to stdout with --print-env', async () => {
    const { status, stdout, stderr } = await setup({ printEnv: true });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^([A-Z_]+=\S+\n)+$/);
    expect(parseEnv(stdout)).toEqual({
      PUBSUB_TOPIC: PUSH.topic,
      PUBSUB_SUBSCRIPTION: PUSH.subscription,
      PUBSUB_PUSH_SERVICE_ACCOUNT: PUSH.serviceAccount,
      PUBLIC_URL,
    });
    expect(stderr).toContain('created');
  });

  it('lists what only a person can do, with the pages of that project', async () => {
    const { stdout } = await setup();
    const { document } = await setupJson();
    expect(document.todo.map(({ url }) => url)).toEqual(
      ['branding', 'audience', 'scopes', 'clients'].map(
        (page) => `https://console.cloud.google.com/auth/${page}?project=inboxwire-local`,
      ),
    );
    expect(document.todo.at(-1)!.title).toContain(`${PUBLIC_URL}/auth/google/callback`);
    for (const { title, url } of document.todo) {
      expect(stdout).toContain(title);
      expect(stdout).toContain(url);
    }
  });

  it('ends with 78 at its own settings, all at once, and ignores those of other commands', async () => {
    const faulty = { PUBSUB_TOPIC: 'gmail', PUBSUB_SUBSCRIPTION: undefined, PUBSUB_DELIVERY: 'pigeon' };
    const { status, stdout, stderr } = await setup({}, faulty);
    expect([status, stdout]).toEqual([78, '']);
    for (const name of Object.keys(faulty)) expect(stderr).toMatch(new RegExp(`^${name}: expected `, 'm'));
    const { document, ...json } = await setupJson({}, faulty);
    expect([json.status, document.status, document.todo]).toEqual([78, 'failed', []]);
    const remedy = expect.stringContaining('.env.example');
    expect(document.steps).toEqual([
      { name: 'settings', status: 'failed', detail: expect.any(String), remedy },
    ]);
    for (const name of Object.keys(faulty)) expect(document.steps[0]!.detail).toContain(`${name}: expected `);
    expect((await setup({}, { MESSAGE_PAYLOAD: 'all', GOOGLE_CLIENT_ID: undefined })).status).toBe(0);
  });

  it('ends with 77 when there are no credentials, they are none, or Google does not take them', async () => {
    const nothing = await setupJson({}, { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json' });
    expect([nothing.status, nothing.document.status]).toEqual([77, 'failed']);
    expect(nothing.steps.credentials!.remedy).toContain('GOOGLE_APPLICATION_CREDENTIALS');
    const noKey = `${test.key.path}.txt`;
    await writeFile(noKey, 'no key');
    expect((await setup({}, { GOOGLE_APPLICATION_CREDENTIALS: noKey })).status).toBe(77);
    test.google.project.deletedKeys = true;
    expect((await setup()).status).toBe(77);
    expect(test.google.project.writes).toBe(0);
  });

  it('ends with 1 when Google cannot be asked for a token, which says nothing of the credentials', async () => {
    const away = { GOOGLE_ORIGIN: 'http://127.0.0.1:1' };
    for (const more of [away, {}]) {
      test.google.failNext({ method: 'oauth2.token', status: 503, times: 10 });
      const { status, steps } = await setupJson({}, more);
      expect([status, steps.credentials!.status]).toEqual([1, 'failed']);
      expect(steps.credentials!.remedy).toContain('HTTPS_PROXY');
    }
  });

  it.each([
    ['a user of gcloud', () => USER_CREDENTIALS],
    ['an external account', () => externalAccount(test.key.path)],
  ])('takes the credentials of %s, and ends with 77 when Google does not', async (_, credentials) => {
    const file = await credentialsFile(credentials());
    const more = { GOOGLE_APPLICATION_CREDENTIALS: file.path };
    try {
      expect(await setup({}, more)).toMatchObject({ status: 0 });
      test.google.project.deletedKeys = true;
      const refused = await setupJson({}, more);
      expect([refused.status, refused.steps.credentials!.status]).toEqual([77, 'failed']);
    } finally {
      await file.remove();
    }
  });

  it('works as the built program does it, with its options', async () => {
    const { GOOGLE_ORIGIN, ...rest } = settings();
    const { status, stdout } = await runProgram(['setup', '--dry-run', '--json'], { ...rest, GOOGLE_ORIGIN });
    expect([status, (JSON.parse(stdout) as Document).status]).toEqual([0, 'ok']);
    expect(await runProgram(['setup', '--dryrun'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('Did you mean "--dry-run"?'),
    });
    expect((await runProgram(['setup', '--json', '--print-env'])).status).toBe(64);
  });
});
