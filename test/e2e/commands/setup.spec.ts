import { PUSH } from '../../support/program/local-setup';
import { PUBLIC_URL, startSetupTest } from '../../support/commands/setup-test';

const ENDPOINT = `${PUBLIC_URL}/webhooks/gmail`;
const DEAD_TOPIC = `${PUSH.topic}-dead-letter`;
const DEAD_SUBSCRIPTION = `${PUSH.subscription}-dead-letter`;
const GMAIL = 'serviceAccount:gmail-api-push@system.gserviceaccount.com';
const SERVICES = ['cloudresourcemanager', 'iam', 'pubsub', 'gmail'];

/** How pushes go, but for what is given of their tokens. */
const pushedAs = (difference: object) => ({
  pushEndpoint: ENDPOINT,
  oidcToken: { serviceAccountEmail: PUSH.serviceAccount, audience: ENDPOINT, ...difference },
});

describe('the command setup', () => {
  const test = startSetupTest();
  const { setup, setupJson, body, bindings, agent } = test;

  it('makes a new project ready, and the second run writes nothing', async () => {
    test.google.project.enabledAt.clear();
    test.google.project.enabledAt.set('serviceusage.googleapis.com', 0);
    test.google.project.enablingMs = 300;
    const first = await setupJson();
    expect(first.document.steps.filter((step) => step.status === 'failed')).toEqual([]);
    expect([first.status, first.document.status]).toEqual([0, 'ok']);
    for (const service of SERVICES)
      expect(test.google.project.enabledAt.has(`${service}.googleapis.com`)).toBe(true);
    expect(first.document.steps.map(({ name, status }) => [name, status])).toEqual([
      ['apis', 'changed'],
      ['project', 'ok'],
      ['topic', 'created'],
      ['publisher', 'changed'],
      ['service-account', 'created'],
      ['dead-letter-topic', 'created'],
      ['dead-letter-subscription', 'created'],
      ['subscription', 'created'],
      ['agent', 'changed'],
    ]);
    expect(body(PUSH.subscription)).toMatchObject({
      topic: PUSH.topic,
      pushConfig: {
        pushEndpoint: ENDPOINT,
        oidcToken: { serviceAccountEmail: PUSH.serviceAccount, audience: ENDPOINT },
      },
      ackDeadlineSeconds: 10,
      messageRetentionDuration: '604800s',
      expirationPolicy: {},
      deadLetterPolicy: { deadLetterTopic: DEAD_TOPIC, maxDeliveryAttempts: 100 },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    });
    expect(body(DEAD_SUBSCRIPTION)).toMatchObject({ topic: DEAD_TOPIC, expirationPolicy: {} });
    expect(bindings(PUSH.topic)).toEqual([{ role: 'roles/pubsub.publisher', members: [GMAIL] }]);
    expect(bindings(DEAD_TOPIC)).toEqual([{ role: 'roles/pubsub.publisher', members: [agent()] }]);
    expect(bindings(PUSH.subscription)).toEqual([{ role: 'roles/pubsub.subscriber', members: [agent()] }]);

    test.google.project.writes = 0;
    const second = await setupJson();
    expect([second.status, new Set(second.statuses), test.google.project.writes]).toEqual([
      0,
      new Set(['ok']),
      0,
    ]);
  }, 60_000);

  it('changes nothing in a dry run, and says what would be', async () => {
    test.google.project.enabledAt.delete('pubsub.googleapis.com');
    const { status, steps } = await setupJson({ dryRun: true });
    expect([status, test.google.project.writes]).toEqual([0, 0]);
    expect(steps.topic).toMatchObject({
      status: 'created',
      detail: expect.stringContaining('would be created'),
    });
    expect(steps.apis).toMatchObject({
      status: 'changed',
      detail: expect.stringContaining('would be enabled'),
    });
    test.google.project.enableAll();
    await setup();
    test.google.project.writes = 0;
    body(PUSH.subscription).ackDeadlineSeconds = 600;
    const again = await setupJson({ dryRun: true });
    expect(again.steps.subscription).toMatchObject({
      status: 'changed',
      detail: expect.stringContaining('600 s'),
    });
    expect([test.google.project.writes, body(PUSH.subscription).ackDeadlineSeconds]).toEqual([0, 600]);
  });

  it('keeps the bindings of others, conditions too, when somebody else writes at the same time', async () => {
    await setup();
    const policy = test.google.project.find(PUSH.topic)!.policy;
    const foreign = [
      { role: 'roles/pubsub.viewer', members: ['user:ann@example.com'] },
      {
        role: 'roles/pubsub.publisher',
        members: ['user:ann@example.com'],
        condition: { expression: 'true' },
      },
    ];
    test.google.project.setPolicy(PUSH.topic, { ...policy, version: 3, bindings: foreign });
    test.google.project.policyCollisions = 2;
    const { status, steps } = await setupJson();
    expect([status, steps.publisher!.status]).toEqual([0, 'changed']);
    expect(bindings(PUSH.topic)).toEqual([...foreign, { role: 'roles/pubsub.publisher', members: [GMAIL] }]);
  });

  it.each([
    [
      'pushConfig',
      { pushConfig: { pushEndpoint: 'https://old.example.com/webhooks/gmail' } },
      /old.example.com/,
    ],
    ['pushConfig', { pushConfig: {} }, /pull instead of push/],
    [
      'pushConfig',
      { pushConfig: pushedAs({ audience: 'https://other.example' }) },
      /for https:..other.example/,
    ],
    [
      'pushConfig',
      { pushConfig: pushedAs({ serviceAccountEmail: 'other@inboxwire-local.iam.gserviceaccount.com' }) },
      /signed by other@/,
    ],
    ['ackDeadlineSeconds', { ackDeadlineSeconds: 60 }, /60 s instead of 10 s/],
    ['messageRetentionDuration', { messageRetentionDuration: '600s' }, /600 s/],
    ['expirationPolicy', { expirationPolicy: { ttl: '2678400s' } }, /31 days instead of never/],
    ['expirationPolicy', { expirationPolicy: undefined }, /31 days instead of never/],
    ['deadLetterPolicy', { deadLetterPolicy: undefined }, /none instead of/],
    ['retryPolicy', { retryPolicy: undefined }, /at once instead of/],
  ])('adopts a subscription whose %s differs: %j', async (field, difference, detail) => {
    await setup();
    const planned = structuredClone(body(PUSH.subscription)[field]);
    Object.assign(body(PUSH.subscription), difference);
    const { status, steps } = await setupJson();
    expect(steps.subscription).toMatchObject({ status: 'changed', detail: expect.stringMatching(detail) });
    expect([status, body(PUSH.subscription)[field]]).toEqual([0, planned]);
  });

  it('keeps a dead-letter topic that is set already, and gives the agent its rights there', async () => {
    await setup();
    const other = `${PUSH.topic}-graveyard`;
    test.google.project.add(other, {});
    body(PUSH.subscription).deadLetterPolicy = { deadLetterTopic: other, maxDeliveryAttempts: 5 };
    const { status, steps } = await setupJson();
    expect([status, steps['dead-letter-topic']!.status, steps.agent!.status]).toEqual([0, 'ok', 'changed']);
    expect(body(PUSH.subscription).deadLetterPolicy).toEqual({
      deadLetterTopic: other,
      maxDeliveryAttempts: 100,
    });
    expect(bindings(other)).toEqual([{ role: 'roles/pubsub.publisher', members: [agent()] }]);
  });

  it.each([
    ['another topic', { topic: 'projects/inboxwire-local/topics/other' }, /not of/],
    ['a topic that was deleted', { topic: '_deleted-topic_' }, /was deleted/],
    ['no topic any more', { detached: true }, /detached/],
    ['a filter', { filter: 'attributes.x = "y"' }, /filter/],
  ])('fails at a subscription with %s, and tries the rest', async (_, difference, detail) => {
    await setup();
    Object.assign(body(PUSH.subscription), difference);
    test.google.project.remove(DEAD_SUBSCRIPTION);
    const { status, steps } = await setupJson();
    expect(status).toBe(1);
    expect(steps.subscription).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(detail),
      remedy: expect.stringContaining('subscriptions delete'),
    });
    expect(steps['dead-letter-subscription']!.status).toBe('created');
    expect(steps.agent).toMatchObject({
      status: 'failed',
      detail: 'Not tried, because subscription failed.',
    });
  });

  it('makes a pull subscription with PUBSUB_DELIVERY=pull, and turns a push one into it', async () => {
    await setup();
    const pull = { PUBSUB_DELIVERY: 'pull', PUBSUB_PUSH_SERVICE_ACCOUNT: undefined };
    const { status, steps } = await setupJson({}, pull);
    expect([status, steps.subscription!.status, body(PUSH.subscription).pushConfig]).toEqual([
      0,
      'changed',
      {},
    ]);
    test.google.project.remove(PUSH.subscription);
    expect((await setupJson({}, pull)).steps.subscription!.status).toBe('created');
    expect((await setupJson({}, pull)).statuses).not.toContain('changed');
  });
});
