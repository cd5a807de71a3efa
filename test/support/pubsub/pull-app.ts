import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import type { FakeSubscription } from '../../fakes/pubsub/fake-subscription';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { PUSH } from '../program/local-setup';
import { createTestApp, startGoogle, type TestApp } from '../test-app';

/** What the settings of an installation that pulls need beside those of every one. */
export const pullSettings = (host: string) => ({
  PUBSUB_DELIVERY: 'pull',
  PUBSUB_PUSH_SERVICE_ACCOUNT: '',
  PUBSUB_EMULATOR_HOST: host,
});

/** What Gmail publishes goes to this Pub/Sub, and is pushed to nobody. */
export function publishTo(google: LocalGoogle, publish: (data: Buffer) => void): void {
  google.topics.tap(PUSH.topic, (data) => publish(Buffer.from(data)));
}

export interface PullApp extends TestApp {
  pubsub: FakePubsub;
  subscription: FakeSubscription;
}

/** A service that nobody pushes to: it reads the subscription of a Pub/Sub that is not well. */
export async function createPullApp(
  settings: (databaseUrl: string) => Promise<Record<string, string>> = () => Promise.resolve({}),
): Promise<PullApp> {
  const [google, pubsub] = await Promise.all([startGoogle(), FakePubsub.start()]);
  const subscription = pubsub.createSubscription(PUSH.subscription, PUSH.topic);
  publishTo(google, (data) => void pubsub.publish(PUSH.topic, data));
  const own = async (databaseUrl: string) => ({
    ...pullSettings(pubsub.host),
    ...(await settings(databaseUrl)),
  });
  const app = await createTestApp(own, google);
  google.topics.unsubscribe(PUSH.subscription);
  const close = async () => {
    await app.close();
    pubsub.stop();
  };
  return { ...app, pubsub, subscription, close };
}
