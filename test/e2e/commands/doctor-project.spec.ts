import { startDoctorTest } from '../../support/commands/doctor-test';
import { PUSH } from '../../support/test-app';

const DEAD_TOPIC = `${PUSH.topic}-dead-letter`;

/** The Google side, and a doctor who finds each fault that is put into it. */
describe('the command doctor and the project', () => {
  const test = startDoctorTest();
  const { doctor, body } = test;

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
    const { by } = await doctor();
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
  });
});
