import { startDoctorTest } from '../../support/commands/doctor-test';
import { PUSH } from '../../support/test-app';

const DEAD_TOPIC = `${PUSH.topic}-dead-letter`;

/** The Google side, and a doctor who finds each fault that is put into it. */
describe('the command doctor and the project', () => {
  const test = startDoctorTest();
  const { doctor, body } = test;
  const oidcToken = () =>
    (body(PUSH.subscription).pushConfig as { oidcToken: Record<string, string> }).oidcToken;

  it.each([
    [
      'an ack deadline',
      'subscription',
      () => (body(PUSH.subscription).ackDeadlineSeconds = 600),
      'warning',
      /600 s instead of 10 s/,
    ],
    [
      'an expiration',
      'subscription',
      () => (body(PUSH.subscription).expirationPolicy = { ttl: '86400s' }),
      'warning',
      /1 days instead of never/,
    ],
    [
      'a short retention',
      'subscription',
      () => (body(PUSH.subscription).messageRetentionDuration = '600s'),
      'warning',
      /600 s/,
    ],
    [
      'another endpoint',
      'subscription',
      () => (body(PUSH.subscription).pushConfig = { pushEndpoint: 'https://old.example' }),
      'failed',
      /old.example/,
    ],
    [
      'another account',
      'subscription',
      () => (oidcToken().serviceAccountEmail = 'other@inboxwire-local.iam.gserviceaccount.com'),
      'failed',
      /signed by other@.* instead of .*signed by push@/,
    ],
    [
      'another audience',
      'subscription',
      () => (oidcToken().audience = 'https://other.example'),
      'failed',
      /for https:\/\/other.example instead of/,
    ],
    [
      'retries at once',
      'subscription',
      () => (body(PUSH.subscription).retryPolicy = undefined),
      'warning',
      /at once instead of after 10 to 600 s/,
    ],
    [
      'another topic',
      'subscription',
      () => (body(PUSH.subscription).topic = 'projects/inboxwire-local/topics/x'),
      'failed',
      /not of/,
    ],
    [
      'no topic any more',
      'subscription',
      () => (body(PUSH.subscription).detached = true),
      'failed',
      /detached/,
    ],
    [
      'no dead letters',
      'dead-letters',
      () => (body(PUSH.subscription).deadLetterPolicy = undefined),
      'warning',
      /no dead-letter topic/,
    ],
    [
      'no right of the agent',
      'dead-letters',
      () => (test.app.google.project.find(DEAD_TOPIC)!.policy.bindings = []),
      'warning',
      /lacks roles\/pubsub.publisher/,
    ],
    [
      'no right of the agent to take them',
      'dead-letters',
      () => (test.app.google.project.find(PUSH.subscription)!.policy.bindings = []),
      'warning',
      /lacks roles\/pubsub.subscriber/,
    ],
    [
      'a dead-letter topic that is gone',
      'dead-letters',
      () => (body(PUSH.subscription).deadLetterPolicy = { deadLetterTopic: `${PUSH.topic}-gone` }),
      'warning',
      /-gone is not there/,
    ],
    [
      'no publisher',
      'publisher',
      () => (test.app.google.project.find(PUSH.topic)!.policy.bindings = []),
      'failed',
      /may not publish/,
    ],
    [
      'a conditional publisher',
      'publisher',
      () =>
        (test.app.google.project.find(PUSH.topic)!.policy.bindings[0]!.condition = { expression: 'false' }),
      'failed',
      /may not publish/,
    ],
    [
      'a disabled account',
      'service-account',
      () => test.app.google.project.serviceAccounts.set(PUSH.serviceAccount, { disabled: true }),
      'failed',
      /disabled/,
    ],
    [
      'a disabled API',
      'topic',
      () => test.app.google.project.enabledAt.delete('pubsub.googleapis.com'),
      'failed',
      /disabled/,
    ],
    [
      'no permission',
      'topic',
      () => test.app.google.project.denied.set('pubsub.topics.get', { named: false }),
      'skipped',
      /not authorized/,
    ],
  ])('finds %s of the project', async (_, name, putIn, status, detail) => {
    const resources = [PUSH.topic, PUSH.subscription, DEAD_TOPIC].map((resource) =>
      test.app.google.project.find(resource)!,
    );
    const before = structuredClone(resources);
    putIn();
    test.app.google.project.writes = 0;
    const { by, document, status: ended } = await doctor();
    const { writes } = test.app.google.project;
    resources.forEach((resource, at) => {
      resource.body = before[at]!.body;
      resource.policy = before[at]!.policy;
    });
    test.app.google.project.serviceAccounts.set(PUSH.serviceAccount, {});
    test.app.google.project.enableAll();
    test.app.google.project.denied.clear();
    expect(by[name]).toMatchObject({
      status,
      detail: expect.stringMatching(detail),
      remedy: expect.any(String),
    });
    for (const check of document.checks) expect(check.detail).toMatch(/[.!?]$/);
    expect([writes, ended]).toEqual([0, status === 'failed' ? 1 : 0]);
  });
});
