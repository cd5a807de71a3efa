import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually';
import { PUSH } from '../../support/program/local-setup';
import { Emulator, emulatorJar } from '../../support/pubsub/emulator';
import { publishTo, pullSettings } from '../../support/pubsub/pull-app';
import { createTestApp, startGoogle } from '../../support/test-app';

const jar = emulatorJar();

/** Skipped, and shown as such, where Google's emulator or Java is not installed. */
(jar === undefined ? describe.skip : describe)("with Google's own emulator of Pub/Sub", () => {
  it('notifications are pulled, also from a subscription made anew, and events are published', async () => {
    const [google, emulator] = await Promise.all([startGoogle(), Emulator.start(jar!)]);
    const { admin } = emulator;
    const topic = `projects/${PUSH.topic.split('/')[1]}/topics/events`;
    await admin.createTopic(PUSH.topic);
    await admin.createSubscription(PUSH.topic, PUSH.subscription, { ackDeadlineSeconds: 10 });
    await admin.createTopic(topic);
    const [events] = await admin.createSubscription(topic, topic.replace('topics', 'subscriptions'), {
      enableMessageOrdering: true,
    });
    publishTo(google, (data) => void admin.topic(PUSH.topic).publishMessage({ data }));
    const app = await createTestApp(pullSettings(emulator.host), google);
    google.topics.unsubscribe(PUSH.subscription);
    const received: { data: string; attributes: Record<string, string>; orderingKey?: string }[] = [];
    try {
      const endpoint = { url: `pubsub://${topic}`, eventTypes: ['message.added'] };
      const { secret } = await app.api.post('/v1/endpoints', endpoint, 201);
      events.on('message', (message) => {
        received.push({ ...message, data: message.data.toString(), attributes: message.attributes });
        message.ack();
      });
      const { id, emailAddress } = await app.connect('ann@example.com');
      google.deliver(emailAddress);
      await eventually(() => received.length === 1, { timeout: 30_000 });
      expect(new Webhook(secret).verify(received[0]!.data, received[0]!.attributes)).toMatchObject({
        mailbox: { id },
      });
      await admin.subscription(PUSH.subscription).delete();
      const health = async () =>
        (await (await fetch(`${app.service.address}/health/ready`)).json()) as {
          checks: { pubsub: { status: string } };
        };
      await eventually(async () => (await health()).checks.pubsub.status === 'degraded');
      await admin.createSubscription(PUSH.topic, PUSH.subscription, { ackDeadlineSeconds: 10 });
      await eventually(async () => (await health()).checks.pubsub.status === 'up', { timeout: 30_000 });
      google.deliver(emailAddress);
      await eventually(() => received.length === 2, { timeout: 30_000 });
    } finally {
      await events.close();
      await app.close();
      await emulator.stop();
    }
  }, 180_000);
});
