import { setTimeout as delay } from 'node:timers/promises';
import { LocalGoogle } from '../../../src/local-google/local-google';
import { eventually } from '../../support/eventually';
import { messageEvents } from '../../support/event/mailbox-log';
import type { MessageEvent } from '../../support/event/of-type';
import { truthOf } from '../../support/sync/truth';
import { pushTo } from '../../support/program/local-setup';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const PROJECT = 'second-cell';
const CLIENT = { clientId: 'client-of-the-second-cell', clientSecret: 'its-secret' };
const PUSH = {
  topic: `projects/${PROJECT}/topics/gmail`,
  subscription: `projects/${PROJECT}/subscriptions/gmail-push`,
  serviceAccount: `push@${PROJECT}.iam.gserviceaccount.com`,
};
const CHANGE_INTERVAL_MS = 20;

/** The procedure of docs/scaling.md. */
describe('a mailbox that moves from one cell to another', () => {
  let first: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    first = await createTestApp();
    const google = await LocalGoogle.start({ ...CLIENT, projectId: PROJECT, beside: first.google });
    const settings = {
      GOOGLE_CLIENT_ID: CLIENT.clientId,
      GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
      PUBSUB_TOPIC: PUSH.topic,
      PUBSUB_SUBSCRIPTION: PUSH.subscription,
      PUBSUB_PUSH_SERVICE_ACCOUNT: PUSH.serviceAccount,
    };
    second = await createTestApp(settings, google);
    pushTo(google, second.service.address, PUSH);
  });
  afterAll(async () => {
    await second?.close();
    await first?.close();
  });

  it('loses and duplicates nothing while mail goes on arriving', async () => {
    const old = await first.connect(ADA, { labelIds: [] });
    let over = false;
    const traffic = changeAllTheTime(first.google, () => over);
    await eventually(async () => (await changesIn(first, old.id)).length > 5);
    // 1. It is connected in the new cell, while the old one goes on.
    const moved = await second.connect(ADA, { labelIds: [] });
    await eventually(async () => (await changesIn(second, moved.id)).length > 5);
    // 2. The old cell has all that the new one begins with before it stops.
    const begun = (await changesIn(second, moved.id))[0]!;
    await eventually(async () => (await changesIn(first, old.id)).some((event) => isSame(event, begun)));
    await first.api.delete(`/v1/mailboxes/${old.id}`, 202);
    await eventually(() => first.api.get(`/v1/mailboxes/${old.id}`), {
      until: ({ status }) => status === 'disconnected',
    });
    await delay(10 * CHANGE_INTERVAL_MS);
    over = true;
    await traffic;
    // 3. What the old cell has is the old cell's; what came after the last change of it is the new cell's.
    const ofOld = await changesIn(first, old.id);
    const cut = BigInt(ofOld.at(-1)!.data.historyId);
    const truth = truthOf(first, ADA);
    const merged = async () => [
      ...ofOld,
      ...(await changesIn(second, moved.id)).filter(({ data }) => BigInt(data.historyId) > cut),
    ];
    const changes = await eventually(merged, { until: ({ length }) => length >= truth.length });
    expect(
      changes.map(({ type, data }) => ({ type, historyId: data.historyId, messageId: data.messageId })),
    ).toEqual(truth.map(({ type, historyId, messageId }) => ({ type, historyId, messageId })));
    // Neither all of one nor all of the other.
    expect(ofOld.length).toBeLessThan(truth.length);
    expect((await changesIn(second, moved.id)).length).toBeLessThan(truth.length);
  });
});

async function changesIn({ api }: TestApp, mailboxId: string): Promise<MessageEvent[]> {
  return messageEvents(await api.events({ mailboxId }));
}

const isSame = (one: MessageEvent, other: MessageEvent) =>
  one.type === other.type &&
  one.data.messageId === other.data.messageId &&
  one.data.historyId === other.data.historyId;

/** Mail arrives, is starred and is thrown away, until it is over. */
async function changeAllTheTime(google: LocalGoogle, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { id } = google.deliver(ADA);
    await delay(CHANGE_INTERVAL_MS);
    google.modify(ADA, id, { addLabelIds: ['STARRED'] });
    await delay(CHANGE_INTERVAL_MS);
    google.delete(ADA, id);
  }
}
