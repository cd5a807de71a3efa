import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { quiet } from '../../support/event/mailbox-log';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { Scrape } from '../../support/metrics/scrape';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const WEEK = 7 * 24 * 3_600;

/** The tests build on each other, in order. */
describe('the metrics', () => {
  let app: TestApp;
  let receiver: Receiver;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp({ DELIVERY_RETRY_DELAYS: '50ms' });
    receiver = await Receiver.start();
    mailbox = await app.connect(ADA);
    await quiet(app, mailbox);
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  const scrape = () => Scrape.of(app.service.address);
  const value = async (series: string) => (await scrape()).value(`inboxwire_${series}`);
  /** Waits until a series has a value; those of the database are up to a second old. */
  const becomes = (series: string, expected: number) =>
    eventually(() => value(series), { until: (seen) => seen === expected });
  /** By how much each of these series grows meanwhile. */
  async function growth(series: string[], work: () => Promise<unknown>): Promise<(number | undefined)[]> {
    const before = await scrape();
    await work();
    const after = await scrape();
    return series.map((name) => {
      const value = after.value(`inboxwire_${name}`);
      return value === undefined ? undefined : value - (before.value(`inboxwire_${name}`) ?? 0);
    });
  }
  const subscription = () => app.google.topics.subscriptions[0]!;

  it('are shown to whoever asks, without a key, with those of the process', async () => {
    const answer = await fetch(`${app.service.address}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { families, text } = Scrape.read(await answer.text());
    expect(families.size).toBeGreaterThan(25);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('count each push by what became of it', async () => {
    subscription().chaos = { drop: 1 };
    const news = () => wrapped(notification(ADA, `"${BigInt(app.google.historyId(ADA)) + 5n}"`));
    const pushes = {
      news: { body: news() },
      known: { body: wrapped(notification(ADA, '"1"')) },
      unknown_mailbox: { body: wrapped(notification('nobody@example.com', '"1"')) },
      unreadable: { body: wrapped('no notification') },
      refused: { token: null, body: news() },
      forbidden: { body: wrapped('x', { subscription: `${PUSH.subscription}-2` }) },
      malformed: { body: '{}' },
    };
    for (const [outcome, push] of Object.entries(pushes)) {
      const series = Object.keys(pushes).map((name) => `pushes_total{outcome="${name}"}`);
      expect([outcome, await growth(series, () => sendPush(app, push))]).toEqual([
        outcome,
        Object.keys(pushes).map((name) => (name === outcome ? 1 : 0)),
      ]);
    }
    subscription().chaos = {};
  });

  it('show a notification that no sync has answered', async () => {
    // Gmail's history is behind what the push above has named.
    await becomes('cursor_lag_mailboxes', 1);
    const first = await eventually(() => value('cursor_lag_seconds'));
    await eventually(() => value('cursor_lag_seconds'), { until: (seen) => seen! > first! });
    for (let n = 0; n < 10; n++) app.google.deliver(ADA, { text: 'x' });
    await becomes('cursor_lag_mailboxes', 0);
    await becomes('cursor_lag_seconds', 0);
    await quiet(app, mailbox);
  });

  it('follow a push to its event and its delivery', async () => {
    await app.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
    const series = [
      'pushes_total{outcome="news"}',
      'syncs_total{outcome="done"}',
      'events_appended_total{type="message.added",origin="live"}',
      'push_to_event_seconds_count',
      'push_to_delivery_seconds_count',
      'event_to_delivery_seconds_count',
      'delivery_attempts_total{outcome="delivered",ordering="mailbox"}',
      'delivery_attempt_duration_seconds_count',
      'gmail_quota_units_total{method="users.history.list"}',
      'gmail_quota_units_total{method="users.messages.get"}',
      'gmail_calls_total{method="users.history.list",outcome="ok"}',
      'http_request_duration_seconds_count{route="/webhooks/gmail",method="POST",status="2xx"}',
    ];
    const grown = await growth(series, async () => {
      app.google.deliver(ADA, { text: 'Hi' });
      await eventually(() => receiver.received.length === 1);
      await quiet(app, mailbox);
      await becomes('delivery_backlog_events', 0);
    });
    expect(grown).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 20, 1, 1]);
    const sums = await Promise.all(
      ['event_to_delivery', 'push_to_delivery'].map((name) => value(`${name}_seconds_sum`)),
    );
    expect(sums[0]).toBeLessThan(sums[1]!);
    expect(sums[1]).toBeLessThan(10);
  });

  it('measure from the arrival of the push, not from when it was thought of', async () => {
    const series = [
      'push_to_event_seconds_sum',
      'push_to_delivery_seconds_sum',
      'event_to_delivery_seconds_sum',
    ];
    // Gmail takes its time, and the notification waits.
    app.google.failNext({ method: 'gmail.users.history.list', delayMs: 700 });
    const seen = receiver.received.length;
    const [toEvent, toDelivery, fromEvent] = await growth(series, async () => {
      app.google.deliver(ADA, { text: 'Hi' });
      await eventually(() => receiver.received.length > seen);
      await quiet(app, mailbox);
    });
    expect(toEvent).toBeGreaterThan(0.6);
    expect(toDelivery).toBeGreaterThan(toEvent!);
    expect(fromEvent).toBeLessThan(0.6);
  });

  it('leave a replay out of the time that deliveries take', async () => {
    const { data } = await app.api.get('/v1/endpoints');
    const attempts = 'delivery_attempts_total{outcome="delivered",ordering="mailbox"}';
    const seen = receiver.received.length;
    const grown = await growth(
      [attempts, 'event_to_delivery_seconds_count', 'push_to_delivery_seconds_count'],
      async () => {
        await app.api.post(`/v1/endpoints/${data[0]!.id}/replay`, { after: await eventBefore(2) }, 202);
        await eventually(() => receiver.received.length === seen + 2);
        await becomes('delivery_backlog_events', 0);
      },
    );
    expect(grown).toEqual([2, 0, 0]);
  });

  /** The event after which so many follow. */
  async function eventBefore(count: number): Promise<string> {
    const events = await app.api.events({ mailboxId: mailbox.id });
    return events.at(-1 - count)!.id;
  }

  it('show deliveries that fail, wait and become dead', async () => {
    let answer = 500;
    receiver.answer = () => answer;
    const outcomes = ['failed', 'dead', 'delivered'];
    const series = outcomes.map((one) => `delivery_attempts_total{outcome="${one}",ordering="mailbox"}`);
    const grown = await growth(series, async () => {
      app.google.deliver(ADA, { text: 'Hi' });
      await becomes('deliveries_dead', 1);
    });
    expect(grown).toEqual([1, 1, 0]);
    const { data } = await app.api.get('/v1/endpoints');
    answer = 410;
    expect(
      await growth(['delivery_attempts_total{outcome="gone",ordering="mailbox"}'], async () => {
        app.google.deliver(ADA, { text: 'Hi' });
        await becomes('endpoints{status="disabled"}', 1);
      }),
    ).toEqual([1]);
    // What a disabled endpoint waits for is its operator's: it is no backlog.
    await becomes('delivery_backlog_events', 0);
    answer = 204;
    await app.api.patch(`/v1/endpoints/${data[0]!.id}`, { status: 'enabled' });
    await becomes('endpoints{status="enabled"}', 1);
  });

  it('show the depth of the queue, and how long its oldest event has waited', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    receiver.answer = async () => (await held, 204);
    for (let n = 0; n < 3; n++) app.google.deliver(ADA, { text: 'Hi' });
    await becomes('delivery_backlog_events', 3);
    const age = await value('delivery_oldest_waiting_seconds');
    await eventually(() => value('delivery_oldest_waiting_seconds'), { until: (seen) => seen! > age! });
    release();
    await becomes('delivery_backlog_events', 0);
    await becomes('delivery_oldest_waiting_seconds', 0);
  });

  it('count watches by state and show when the next one runs out', async () => {
    await becomes('watches{status="active"}', 1);
    expect(await value('watch_nearest_expiry_seconds')).toBeGreaterThan(WEEK - 600);
    expect(await value('watch_nearest_expiry_seconds')).toBeLessThanOrEqual(WEEK);
    app.google.topics.permit(app.environment.PUBSUB_TOPIC!, false);
    const refused = 'watch_requests_total{outcome="refused"}';
    expect(await growth([refused], () => app.connect('refused@example.com'))).toEqual([1]);
    await becomes('watches{status="failed"}', 1);
    await becomes('watches_renewal_due', 1);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}/watch`, 200);
    await becomes('watches{status="stopped"}', 1);
    await becomes('watches{status="active"}', 0);
    // Of the watches that are left none was ever granted.
    await eventually(() => value('watch_nearest_expiry_seconds'), { until: (seen) => seen === undefined });
    await becomes('mailboxes{status="active"}', 2);
  });
});
