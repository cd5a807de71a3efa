import { status } from '@grpc/grpc-js';
import { setTimeout as delay } from 'node:timers/promises';
import { PUSH } from '../../support/program/local-setup';
import { ownersOf } from '../../support/connection/owners';
import { eventually } from '../../support/eventually';
import { createTestApp } from '../../support/test-app';
import { createPullApp, type PullApp } from '../../support/pubsub/pull-app';
import { TcpProxy } from '../../support/database/tcp-proxy';
import { Scrape } from '../../support/metrics/scrape';

describe('notifications that are pulled', () => {
  let app: PullApp;
  beforeAll(async () => void (app = await createPullApp()));
  afterAll(() => app.close());
  const { newAddress, newMailbox, arrives, view } = ownersOf(() => app);

  const ready = async () => (await fetch(`${app.service.address}/health/ready`)).json() as Promise<Ready>;
  const isWell = () => eventually(async () => (await ready()).status === 'ok', { timeout: 20_000 });
  const isBroken = () =>
    eventually(ready, { timeout: 20_000, until: ({ checks }) => checks.pubsub?.status === 'degraded' });
  const isEmpty = () => eventually(() => app.subscription.outstanding === 0, { timeout: 30_000 });
  const publish = (text: string) => app.pubsub.publish(PUSH.topic, Buffer.from(text));
  const counted = async (outcome: string) =>
    (await Scrape.of(app.service.address)).value(`inboxwire_pushes_total{outcome="${outcome}"}`) ?? 0;

  it('become events, with no way in for pushes', async () => {
    await isWell();
    const { id, emailAddress } = await newMailbox();
    await arrives(id, app.google.deliver(emailAddress));
    expect((await view(id)).sync.lastNotificationAt).not.toBeNull();
    const headers = { 'content-type': 'application/json' };
    const url = `${app.service.address}/webhooks/gmail`;
    const push = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect([push.status, ((await push.json()) as { code: string }).code]).toEqual([404, 'not_found']);
    expect((await fetch(url, { method: 'POST', body: 'an unwrapped push' })).status).toBe(404);
    await isEmpty();
  });

  it('are acknowledged when they are of no use, and counted', async () => {
    const before = [await counted('unreadable'), await counted('unknown_mailbox')];
    publish('no notification');
    publish('');
    publish(`{"emailAddress":"${newAddress()}","historyId":"12"}`);
    await isEmpty();
    expect(await counted('unreadable')).toBe(before[0]! + 2);
    expect(await counted('unknown_mailbox')).toBe(before[1]! + 1);
  });

  it('may come twice, and again after an acknowledgement that was lost', async () => {
    const { id, emailAddress } = await newMailbox();
    await isEmpty();
    app.subscription.switches.duplicates = 2;
    app.subscription.switches.lostAcks = 1;
    const { id: messageId } = app.google.deliver(emailAddress);
    await arrives(id, { id: messageId });
    await isEmpty();
    app.subscription.switches.duplicates = 0;
    const events = await app.api.events({ mailboxId: id, types: 'message.added' });
    expect(events.map(({ data }) => data.messageId)).toEqual([messageId]);
  });

  it('go on over streams that end again and again', async () => {
    const { id, emailAddress } = await newMailbox();
    const opened = app.pubsub.streamsOpened;
    for (let n = 0; n < 5; n++) {
      app.pubsub.endStreams();
      const placed = app.google.deliver(emailAddress);
      await arrives(id, placed);
    }
    expect(app.pubsub.streamsOpened).toBeGreaterThanOrEqual(opened + 5);
    await isEmpty();
    await isWell();
  });

  it('wait while the subscription is deleted, and go on when it is made anew', async () => {
    const { id, emailAddress } = await newMailbox();
    app.pubsub.deleteSubscription(PUSH.subscription);
    expect((await isBroken()).checks.pubsub!.detail).toContain(`${PUSH.subscription} does not exist`);
    expect((await fetch(`${app.service.address}/health/ready`)).status).toBe(200);
    app.subscription = app.pubsub.createSubscription(PUSH.subscription, PUSH.topic);
    await isWell();
    await arrives(id, app.google.deliver(emailAddress));
  });

  it.each([
    ['a permission is missing', status.PERMISSION_DENIED, /roles\/pubsub\.subscriber/],
    ['the credentials are refused', status.UNAUTHENTICATED, /does not accept the credentials/],
    ['it is one for pushes', status.FAILED_PRECONDITION, /cannot be pulled/],
    ['Google is away', status.UNAVAILABLE, /broken/],
    ['Google has a fault', status.UNKNOWN, /cannot be reached/],
  ])('say why they do not come while %s, and come then', async (_, code, detail) => {
    const { id, emailAddress } = await newMailbox();
    app.pubsub.refuse('StreamingPull', code);
    app.pubsub.endStreams();
    expect((await isBroken()).checks.pubsub!.detail).toMatch(detail);
    app.pubsub.allow('StreamingPull');
    await isWell();
    await arrives(id, app.google.deliver(emailAddress));
  });

  it('come again when nobody was there for them', async () => {
    const { id, emailAddress } = await newMailbox();
    app.pubsub.refuse('StreamingPull', status.PERMISSION_DENIED);
    app.pubsub.endStreams();
    await isBroken();
    const placed = app.google.deliver(emailAddress);
    app.pubsub.allow('StreamingPull');
    await arrives(id, placed);
  });
});

interface Ready {
  status: string;
  checks: { pubsub?: { status: string; detail?: string } };
}

describe('a replica that pulls', () => {
  it('acknowledges nothing while the database is away, keeps what it holds, and commits it then', async () => {
    let cable!: TcpProxy;
    const app = await createPullApp(async (databaseUrl) => {
      const url = new URL(databaseUrl);
      cable = await TcpProxy.to(url.hostname, Number(url.port));
      url.host = `127.0.0.1:${cable.port}`;
      return { DATABASE_URL: url.href };
    });
    try {
      const { id, emailAddress } = await app.connect('ann@example.com');
      await eventually(() => app.subscription.outstanding === 0);
      await cable.cut();
      const placed = app.google.deliver(emailAddress);
      const newest = String(app.pubsub.published(PUSH.topic).length);
      await eventually(() => app.subscription.attempts.get(newest) === 1);
      await delay(4_000);
      expect(app.subscription.outstanding).toBe(1);
      expect(app.subscription.attempts.get(newest)).toBe(1);
      await cable.restore();
      await eventually(() => app.subscription.outstanding === 0, { timeout: 30_000 });
      await eventually(async () =>
        (await app.api.events({ mailboxId: id, types: 'message.added' })).some(
          ({ data }) => data.messageId === placed.id,
        ),
      );
      expect(app.subscription.attempts.get(newest)).toBe(1);
    } finally {
      await app.close();
      await cable.cut();
    }
  });

  it('says that there are no credentials, and goes on with everything else', async () => {
    const app = await createTestApp({
      PUBSUB_DELIVERY: 'pull',
      GOOGLE_APPLICATION_CREDENTIALS: '/no/such/credentials.json',
    });
    try {
      const ready = async () => (await (await fetch(`${app.service.address}/health/ready`)).json()) as Ready;
      const { checks } = await eventually(ready, {
        until: ({ checks: { pubsub } }) => /no credentials/.test(pubsub?.detail ?? ''),
      });
      expect(checks.pubsub).toEqual({
        status: 'degraded',
        detail: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
      });
    } finally {
      delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
      await app.close();
    }
  });

  it('gives back at its end what it has not committed', async () => {
    const app = await createPullApp();
    let isOpen = true;
    try {
      const { id } = await app.connect('ann@example.com');
      await eventually(() => app.subscription.outstanding === 0);
      const holder = app.database.dataSource.createQueryRunner();
      await holder.startTransaction();
      await holder.query('SELECT 1 FROM mailbox_cursors WHERE mailbox_id = $1 FOR UPDATE', [id]);
      app.google.deliver('ann@example.com');
      await eventually(() => app.subscription.attempts.size > 0);
      const beganAt = performance.now();
      await app.service.stop();
      isOpen = false;
      expect(performance.now() - beganAt).toBeLessThan(9_500);
      await holder.rollbackTransaction();
      await holder.release();
      expect(app.subscription.outstanding).toBe(1);
      expect(app.subscription.readers.size).toBe(0);
    } finally {
      if (isOpen) await app.service.stop();
      await app.google.stop();
      app.pubsub.stop();
      await app.database.drop();
    }
  });
});
