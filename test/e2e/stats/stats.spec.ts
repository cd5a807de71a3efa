import { DataSource } from 'typeorm';
import { Metrics } from '../../../src/observability/metrics';
import { ActivityService } from '../../../src/stats/activity.service';
import { Receiver } from '../../fakes/receiver/receiver';
import type { StatsStep } from '../../support/api-types';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

const sum = (steps: StatsStep[], what: 'pushes' | 'changes' | 'deliveries' | 'failures' | 'units') =>
  steps.reduce((all, step) => all + step[what], 0);

describe('GET /v1/stats', () => {
  let app: TestApp;
  let receiver: Receiver;
  beforeAll(async () => {
    [app, receiver] = await Promise.all([
      createTestApp({ DELIVERY_RETRY_DELAYS: '10ms,10ms,10ms' }),
      Receiver.start(),
    ]);
    await app.connect(ADA);
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  const stats = (query: string) => app.api.get(`/v1/stats?${query}`);
  const refused = (query: string) => call(app.service.address, 'GET', `/v1/stats?${query}`, { key: API_KEY });
  const lastTenMinutes = () => stats(`from=${ago(10 * MINUTE_MS)}&step=1m`);
  const activityOf = (application = app.service.application) =>
    application.get(Metrics, { strict: false }).activity;
  const flush = (application = app.service.application) =>
    application.get(ActivityService, { strict: false }).flush();

  it('counts pushes, changes, deliveries, failed attempts, units and latencies', async () => {
    await app.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
    const before = await lastTenMinutes();
    let answers = 0;
    receiver.answer = () => (answers++ === 0 ? 500 : 204);
    for (let n = 0; n < 3; n++) app.google.deliver(ADA);
    const after = await eventually(lastTenMinutes, {
      until: (steps) => sum(steps, 'deliveries') - sum(before, 'deliveries') === 3,
    });
    const more = (what: Parameters<typeof sum>[1]) => sum(after, what) - sum(before, what);
    expect(more('changes')).toBe(3);
    expect(more('failures')).toBe(1);
    expect(more('pushes')).toBeGreaterThanOrEqual(1);
    expect(more('units')).toBeGreaterThanOrEqual(3 * 20);
    const { latencyMs } = after.findLast(({ deliveries }) => deliveries > 0)!;
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50!);
  });

  it('counts no push that is refused', async () => {
    const before = sum(await lastTenMinutes(), 'pushes');
    const response = await fetch(`${app.service.address}/webhooks/gmail`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(sum(await lastTenMinutes(), 'pushes')).toBe(before);
  });

  it('has a step for each minute, in order, with zeros where nothing was done', async () => {
    const steps = await stats('from=2026-01-01T00:00:30Z&to=2026-01-01T01:00:00Z&step=1m');
    expect(steps).toHaveLength(60);
    expect(steps[0]).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      pushes: 0,
      changes: 0,
      deliveries: 0,
      failures: 0,
      units: 0,
      latencyMs: { p50: null, p99: null },
    });
    expect(steps.at(-1)!.at).toBe('2026-01-01T00:59:00.000Z');
  });

  it.each([
    ['5m', '2026-01-01T13:25:00.000Z', '2026-01-01T13:30:00.000Z'],
    ['1h', '2026-01-01T13:00:00.000Z', '2026-01-01T14:00:00.000Z'],
    ['1d', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'],
  ])(
    'begins at a whole step of %s in UTC, whatever the time zone of the question',
    async (step, first, second) => {
      const from = encodeURIComponent('2026-01-01T15:27:31+02:00');
      const steps = await stats(`from=${from}&to=2026-01-04T00:00:00Z&step=${step}`);
      expect(steps.slice(0, 2).map(({ at }) => at)).toEqual([first, second]);
      expect(Date.parse(steps.at(-1)!.at)).toBeLessThan(Date.parse('2026-01-04T00:00:00Z'));
    },
  );

  it('has the same sums in every step', async () => {
    const sums = await Promise.all(
      ['1m', '5m', '1h', '1d'].map(async (step) =>
        sum(await stats(`from=${ago(60 * MINUTE_MS)}&step=${step}`), 'changes'),
      ),
    );
    expect(new Set(sums).size).toBe(1);
    expect(sums[0]).toBeGreaterThanOrEqual(3);
  });

  it('ends now, and begins as many steps before it as a plot shows, unless the query says otherwise', async () => {
    for (const [step, count] of Object.entries({ '1m': 60, '5m': 288, '1h': 168, '1d': 30 })) {
      const steps = await stats(`step=${step}`);
      expect(steps).toHaveLength(count);
      expect(Date.parse(steps.at(-1)!.at)).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(steps.at(-1)!.at)).toBeGreaterThan(Date.now() - DAY_MS);
    }
    expect(await app.api.get('/v1/stats')).toHaveLength(60);
  });

  it.each([
    ['step=2m', 'step'],
    ['from=yesterday', 'from'],
    ['to=2026-02-30T00:00:00Z', 'to'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['from=2026-01-01T00:00:00Z&to=2026-01-08T00:01:00Z&step=1m', 'from'],
    ['from=', 'from'],
    ['until=2026-01-01T00:00:00Z', 'until'],
  ])('refuses %s and names %s', async (query, path) => {
    const { status, body } = await refused(query);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.errors![0]!.path).toBe(path);
  });

  it('adds up what several replicas do, and is at most 15 s old', async () => {
    const before = await lastTenMinutes();
    const replica = await app.replica();
    activityOf().add('changes', 5);
    activityOf(replica.application).add('changes', 7);
    const seen = await eventually(lastTenMinutes, {
      timeout: 15_000,
      until: (steps) => sum(steps, 'changes') === sum(before, 'changes') + 12,
    });
    expect(sum(seen, 'changes')).toBe(sum(before, 'changes') + 12);
  }, 30_000);

  it('keeps what a replica has counted just before it ends', async () => {
    const before = await lastTenMinutes();
    const replica = await app.replica();
    activityOf(replica.application).add('failures', 3);
    activityOf(replica.application).addLatency(40_000);
    await replica.stop();
    const after = await lastTenMinutes();
    expect(sum(after, 'failures') - sum(before, 'failures')).toBe(3);
    expect(Math.max(...after.map(({ latencyMs }) => latencyMs.p99 ?? 0))).toBeGreaterThanOrEqual(40_000);
  });

  it('costs one statement whatever was counted, and none when nothing was', async () => {
    await flush();
    const { logger } = app.service.application.get(DataSource);
    const texts: string[] = [];
    const log = jest.spyOn(logger, 'logQuery').mockImplementation((text) => void texts.push(text));
    try {
      for (let n = 0; n < 10_000; n++) activityOf().add('changes');
      await flush();
      await flush();
      expect(texts.filter((text) => text.includes('INTO activity'))).toHaveLength(1);
    } finally {
      log.mockRestore();
    }
  });

  it('loses nothing while the database cannot be written to', async () => {
    const before = sum(await lastTenMinutes(), 'units');
    const { dataSource } = app.database;
    await dataSource.query('ALTER TABLE activity RENAME TO activity_away');
    activityOf().add('units', 11);
    await expect(flush()).rejects.toThrow('activity');
    activityOf().add('units', 2);
    await dataSource.query('ALTER TABLE activity_away RENAME TO activity');
    expect(sum(await lastTenMinutes(), 'units')).toBeGreaterThanOrEqual(before + 13);
  });

  it('keeps 30 days', async () => {
    const { dataSource } = app.database;
    const insert = `INSERT INTO activity SELECT 60, now() - $1::interval, 1, 1, 1, 1, 1, '{}'`;
    await dataSource.query(insert, ['30 days 5 minutes']);
    await dataSource.query(insert, ['29 days']);
    activityOf().add('units');
    await flush();
    const rows = await dataSource.query<unknown[]>(
      `SELECT FROM activity WHERE step_seconds = 60 AND at < now() - interval '1 day'`,
    );
    expect(rows).toHaveLength(1);
  });

  it('answers at once for 30 days of minutes that replicas have filled', async () => {
    await app.database.dataSource.query(
      `INSERT INTO activity SELECT 60, at, 9, 9, 9, 9, 9, ARRAY(SELECT 3 FROM generate_series(1, 90))
       FROM generate_series(date_trunc('minute', now()) - interval '30 days', date_trunc('minute', now()) - interval '1 day',
         interval '1 minute') at ON CONFLICT DO NOTHING`,
    );
    // The processor's time, not the clock's: the other tests of a busy machine do not count.
    const began = process.cpuUsage();
    expect(await stats(`from=${ago(7 * DAY_MS - MINUTE_MS)}&step=1m`)).toHaveLength(10_080);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});
