import type { Mailbox, Readiness } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { logLines } from '../../support/observability/log-lines';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createCabledApp } from '../../support/database/cabled-app';
import type { TcpProxy } from '../../support/database/tcp-proxy';
import type { TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
/** After which Pub/Sub takes a push for lost. */
const ACK_DEADLINE_MS = 10_000;

describe('the gateway and a database that is slow', () => {
  let app: TestApp;
  let cable: TcpProxy;
  let mailbox: Mailbox;
  beforeAll(async () => {
    ({ app, cable } = await createCabledApp());
    mailbox = await app.connect(ADA);
    await quiet(app, mailbox);
  });
  afterAll(async () => {
    await app?.close();
    await cable?.cut();
  });

  const push = async () => {
    const began = performance.now();
    const news = `"${BigInt(app.google.historyId(ADA)) + 1n}"`;
    const { status } = await sendPush(app, { body: wrapped(notification(ADA, news)) });
    return { status, ms: performance.now() - began };
  };
  const ready = async () => {
    const answer = await fetch(`${app.service.address}/health/ready`);
    return { status: answer.status, body: (await answer.json()) as Readiness };
  };
  const reportedIds = async () => messageEvents(await logOf(app, mailbox)).map(({ data }) => data.messageId);

  it('works as usual, only later, when every answer is slow', async () => {
    cable.latency = 150;
    const { id } = app.google.deliver(ADA);
    expect(await push()).toMatchObject({ status: 204 });
    expect(await reportedIds()).toContain(id);
    expect(await ready()).toMatchObject({ status: 200 });
    cable.latency = 0;
  });

  it('answers 503 before Pub/Sub gives up on a push, when the commit has to wait for too long', async () => {
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE mailbox_cursors IN ACCESS EXCLUSIVE MODE');
    const first = push();
    const { id } = app.google.deliver(ADA);
    for (const { status, ms } of await Promise.all([first, push(), push()])) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(ACK_DEADLINE_MS);
    }
    await holder.commitTransaction();
    await holder.release();
    await app.google.pushesSettled();
    expect(await push()).toMatchObject({ status: 204 });
    expect(await reportedIds()).toContain(id);
  });

  it('answers 503 in time while the database takes everything and answers nothing, and gets new connections when it can', async () => {
    cable.swallow();
    const { id } = app.google.deliver(ADA);
    const [{ status, ms }, health] = await Promise.all([push(), ready()]);
    expect(status).toBe(503);
    expect(ms).toBeLessThan(ACK_DEADLINE_MS);
    expect(health).toMatchObject({
      status: 503,
      body: {
        status: 'unavailable',
        checks: { database: { status: 'down', detail: expect.stringContaining('database') } },
      },
    });
    cable.spare();
    // The connections from before never answer; each is given up 12 s after it was asked something.
    const synced = async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.historyId;
    const historyId = app.google.historyId(ADA);
    await eventually(() => synced().catch(() => null), {
      timeout: 25_000,
      until: (seen) => seen === historyId,
    });
    expect(await push()).toMatchObject({ status: 204 });
    // A loop that is still waiting for one of those connections counts as stalled until then.
    await eventually(ready, { timeout: 25_000, until: ({ status: now }) => now === 200 });
    expect(await reportedIds()).toContain(id);
  }, 60_000);

  it('says each of it once, and never as an error', () => {
    const lines = logLines(app.logs);
    expect(lines.filter(({ msg }) => /requests are answered 503/.test(msg)).length).toBeLessThanOrEqual(3);
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
