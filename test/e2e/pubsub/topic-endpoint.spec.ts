import { status } from '@grpc/grpc-js';
import { Webhook } from 'standardwebhooks';
import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import type { PublishedMessage } from '../../fakes/pubsub/fake-subscription';
import type { EndpointWithSecret } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { Scrape } from '../../support/metrics/scrape';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('an endpoint that is a topic', () => {
  let [app, pubsub]: [TestApp, FakePubsub] = [] as never;
  beforeAll(async () => {
    pubsub = await FakePubsub.start();
    app = await createTestApp({
      PUBSUB_EMULATOR_HOST: pubsub.host,
      ALLOW_PRIVATE_ENDPOINTS: 'false',
      DELIVERY_RETRY_DELAYS: '50ms,50ms',
    });
  });
  afterAll(async () => {
    await app.close();
    pubsub.stop();
  });
  afterEach(async () => {
    pubsub.allow('Publish');
    const { data } = await app.api.get('/v1/endpoints?limit=500');
    for (const { id } of data) await app.api.delete(`/v1/endpoints/${id}`, 204);
  });

  let topics = 0;
  const newTopic = () => {
    const topic = `projects/p/topics/events-${++topics}`;
    pubsub.createTopic(topic);
    return topic;
  };
  const register = (topic: string, fields: object = {}): Promise<EndpointWithSecret> =>
    app.api.post('/v1/endpoints', { url: `pubsub://${topic}`, ...fields }, 201);
  const idOf = ({ attributes }: PublishedMessage) => attributes['webhook-id'];
  const deliveries = async (endpointId: string, state: string) =>
    (await app.api.get(`/v1/deliveries?endpointId=${endpointId}&status=${state}`)).data;
  const people = { count: 0 };
  const connect = () => app.connect(`topic-${++people.count}@example.com`);

  it('gets the events of a mailbox in order, signed, with their attributes and ordering key', async () => {
    const topic = newTopic();
    const { secret, id } = await register(topic, { eventTypes: ['message.added'] });
    const mailbox = await connect();
    for (let n = 0; n < 5; n++) app.google.deliver(mailbox.emailAddress);
    const messages = await eventually(() => pubsub.published(topic), { until: ({ length }) => length === 5 });
    const events = await app.api.events({ mailboxId: mailbox.id, types: 'message.added' });
    expect(messages.map(idOf)).toEqual(events.map((event) => event.id));
    for (const [n, { data, attributes, orderingKey }] of messages.entries()) {
      expect(new Webhook(secret).verify(data.toString(), attributes)).toEqual(events[n]);
      expect(attributes).toEqual({
        'webhook-id': events[n]!.id,
        'webhook-timestamp': expect.stringMatching(/^\d+$/),
        'webhook-signature': expect.stringMatching(/^v1,/),
        type: 'message.added',
        mailboxId: mailbox.id,
      });
      expect(orderingKey).toBe(mailbox.id);
    }
    const delivered = await eventually(() => deliveries(id, 'delivered'), {
      until: ({ length }) => length === 5,
    });
    expect(delivered[0]!.attempts).toMatchObject([{ status: null, error: null, response: null }]);
  });

  it('gets them without an ordering key when their order is of no matter', async () => {
    const topic = newTopic();
    await register(topic, { ordering: 'none', eventTypes: ['message.added'] });
    app.google.deliver((await connect()).emailAddress);
    const [message] = await eventually(() => pubsub.published(topic), { until: ({ length }) => length > 0 });
    expect(message!.orderingKey).toBe('');
  });

  it('is tested like any', async () => {
    const topic = newTopic();
    const { id, secret } = await register(topic);
    const result = await app.api.post(`/v1/endpoints/${id}/test`, undefined);
    expect(result).toEqual({ status: null, latencyMs: expect.any(Number), error: null });
    const [message] = pubsub.published(topic);
    expect(message!.attributes).toMatchObject({ type: 'endpoint.test', mailboxId: '' });
    expect(new Webhook(secret).verify(message!.data.toString(), message!.attributes)).toMatchObject({
      mailbox: null,
    });
    pubsub.deleteTopic(topic);
    expect((await app.api.post(`/v1/endpoints/${id}/test`, undefined)).error).toContain(
      `${topic} does not exist`,
    );
  });

  it.each([
    [status.PERMISSION_DENIED, /roles\/pubsub\.publisher/],
    [status.UNAVAILABLE, /cannot be reached/],
    [status.RESOURCE_EXHAUSTED, /cannot be reached/],
    [status.INTERNAL, /cannot be reached/],
  ])('is tried again after a failure with %i, in order, and goes on', async (code, error) => {
    const topic = newTopic();
    const { id } = await register(topic, { eventTypes: ['message.added'] });
    const mailbox = await connect();
    pubsub.refuse('Publish', code, 1);
    for (let n = 0; n < 3; n++) app.google.deliver(mailbox.emailAddress);
    const messages = await eventually(() => pubsub.published(topic), { until: ({ length }) => length === 3 });
    const events = await app.api.events({ mailboxId: mailbox.id, types: 'message.added' });
    expect(messages.map(idOf)).toEqual(events.map((event) => event.id));
    const delivered = await eventually(() => deliveries(id, 'delivered'), {
      until: ({ length }) => length === 3,
    });
    const tried = delivered.find(({ attempts }) => attempts.length === 2)!;
    expect(tried.attempts[0]).toMatchObject({ status: null, error: expect.stringMatching(error) });
  });

  it('has dead deliveries in the end, which can be replayed and retried, and counts them', async () => {
    const topic = newTopic();
    const { id } = await register(topic, { eventTypes: ['message.added'] });
    const mailbox = await connect();
    pubsub.refuse('Publish', status.PERMISSION_DENIED);
    app.google.deliver(mailbox.emailAddress);
    const [dead] = await eventually(() => deliveries(id, 'dead'), { until: ({ length }) => length > 0 });
    expect(dead!.attempts).toHaveLength(3);
    pubsub.allow('Publish');
    await app.api.post(`/v1/deliveries/${dead!.id}/retry`, undefined, 202);
    await eventually(() => pubsub.published(topic).length === 1);
    await app.api.post(`/v1/endpoints/${id}/replay`, { since: mailbox.createdAt }, 202);
    await eventually(() => pubsub.published(topic).length === 2);
    expect(new Set(pubsub.published(topic).map(idOf)).size).toBe(1);
    const scrape = await Scrape.of(app.service.address);
    expect(
      scrape.value('inboxwire_delivery_attempts_total{outcome="dead",ordering="mailbox"}'),
    ).toBeGreaterThan(0);
  });

  it('has a url that names a topic, and nothing else of that scheme', async () => {
    for (const url of [
      'pubsub://projects/p',
      'pubsub://projects/p/subscriptions/s',
      'pubsub://p/topics/t?x=1',
    ])
      expect(await app.api.post('/v1/endpoints', { url }, 400)).toMatchObject({ code: 'validation_failed' });
    const { id } = await register(newTopic());
    const url = `pubsub://${newTopic()}`;
    expect(await app.api.patch(`/v1/endpoints/${id}`, { url })).toMatchObject({ url, warnings: [] });
    const twin = await app.api.post('/v1/endpoints', { url }, 201);
    expect(twin.warnings).toMatchObject([{ code: 'duplicate_url' }]);
  });
});
