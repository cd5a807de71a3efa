import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Receiver } from '../../fakes/receiver/receiver';
import { TestProcess } from '../../support/program/test-process';
import { eventually } from '../../support/eventually';
import { TestCluster, type ClusterReplica } from '../../support/program/test-cluster';
import { freePort } from '../../support/free-port';
import { OtlpCollector } from '../../support/observability/otlp-collector';
import { environmentOf } from '../../support/test-app';

const ADA = 'ada@example.com';
const MESSAGE_ID = 'messaging.message.id';

describe('traces', () => {
  let cluster: TestCluster;
  let receiver: Receiver;
  let collector: OtlpCollector;
  beforeEach(async () => {
    [cluster, receiver, collector] = await Promise.all([
      TestCluster.create({ LOG_LEVEL: 'debug' }),
      Receiver.start(),
      OtlpCollector.start(),
    ]);
  });
  afterEach(async () => {
    await cluster?.close();
    await Promise.all([receiver?.stop(), collector?.stop()]);
  });

  /** A mail arrives and is handed over. @returns the id of its event */
  async function mailArrives(replica: ClusterReplica): Promise<string> {
    await cluster.connect(ADA, replica);
    await cluster.google.pushesSettled();
    await replica.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
    cluster.google.deliver(ADA, { text: 'Hi' });
    const received = await eventually(() => receiver.received[0]);
    return received!.event.id;
  }
  const tracing = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_BSP_SCHEDULE_DELAY: '100' });
  const named = (name: string) => collector.spans.filter((span) => span.name === name);

  it('lead from a push to the attempt that hands its event over, joined by the Pub/Sub message id', async () => {
    const replica = await cluster.start(tracing());
    await cluster.start(tracing());
    const eventId = await mailArrives(replica);
    const attempt = (await eventually(() => named('delivery.attempt')[0]))!;
    const messageId = attempt.attributes[MESSAGE_ID];
    expect(messageId).toMatch(/^\d+$/);
    expect(attempt.attributes).toMatchObject({
      'inboxwire.event.id': eventId,
      'inboxwire.outcome': 'delivered',
    });
    const withIt = (name: string) =>
      eventually(() => named(name).find(({ attributes }) => attributes[MESSAGE_ID] === messageId));
    const [push, sync] = [await withIt('webhook.push'), await withIt('sync.run')];
    expect(push!.attributes['inboxwire.outcome']).toBe('news');
    expect(push!.service).toBe('inboxwire');
    for (const span of [sync!, attempt])
      expect(span).toMatchObject({ traceId: push!.traceId, parentSpanId: push!.spanId });
    const calls = await eventually(
      () => named('gmail.call').filter(({ parentSpanId }) => parentSpanId === sync!.spanId),
      { until: ({ length }) => length >= 2 },
    );
    expect(calls.map(({ attributes }) => attributes['rpc.method'])).toEqual([
      'users.history.list',
      'users.messages.get',
    ]);
  }, 60_000);

  it('are off when the standard settings say so, and not needed to follow a push: the log names its message id from line to line', async () => {
    const replica = await cluster.start({ ...tracing(), OTEL_SDK_DISABLED: 'true' });
    const eventId = await mailArrives(replica);
    const lines = () => replica.program.lines;
    const attempt = await eventually(() => lines().find((line) => line.eventId === eventId));
    const { notificationId } = attempt!;
    expect(notificationId).toMatch(/^\d+$/);
    expect(lines().filter((line) => line.notificationId === notificationId)).toMatchObject([
      { context: 'WebhookService', outcome: 'news' },
      { context: 'Attempt', msg: 'delivered' },
    ]);
    expect(lines().filter((line) => line.notificationIds?.includes(notificationId!))).toMatchObject([
      { context: 'SyncService', outcome: 'done', events: 1 },
    ]);
    // At its end a program exports what it has.
    await replica.program.signal('SIGTERM');
    expect(collector.spans).toEqual([]);
  }, 60_000);

  it('can be asked for in .env', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'inboxwire-tracing-'));
    const port = await freePort();
    await writeFile(
      join(directory, '.env'),
      `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.origin}\nOTEL_BSP_SCHEDULE_DELAY=100\nOTEL_SERVICE_NAME=mail\n`,
    );
    const program = TestProcess.start(environmentOf(cluster.google, cluster.database, port), directory);
    const push = () => fetch(`http://127.0.0.1:${port}/webhooks/gmail`, { method: 'POST' }).catch(() => null);
    const answer = await eventually(push, { timeout: 25_000 });
    expect(answer!.status).toBe(401);
    expect(await eventually(() => named('webhook.push')[0])).toMatchObject({
      service: 'mail',
      attributes: { 'inboxwire.outcome': 'refused' },
    });
    expect(await program.signal('SIGTERM')).toBe(0);
    await rm(directory, { recursive: true });
  }, 60_000);

  it('hold nothing up when the collector is away', async () => {
    const settings = tracing();
    await collector.stop();
    const replica = await cluster.start(settings);
    await mailArrives(replica);
    const began = performance.now();
    expect(await replica.program.signal('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(9_000);
  }, 60_000);
});
