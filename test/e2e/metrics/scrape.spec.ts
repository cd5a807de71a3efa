import { quiet } from '../../support/event/mailbox-log';
import { itWithPromtool, promtool } from '../../support/metrics/promtool';
import { Scrape } from '../../support/metrics/scrape';
import { eventually } from '../../support/eventually';
import { createCabledApp } from '../../support/database/cabled-app';
import type { TcpProxy } from '../../support/database/tcp-proxy';
import type { TestApp } from '../../support/test-app';

describe('a scrape of the metrics', () => {
  let app: TestApp;
  let cable: TcpProxy;
  beforeAll(async () => {
    ({ app, cable } = await createCabledApp());
  });
  afterAll(async () => {
    await app?.close();
    await cable?.cut();
  });

  const scrape = (of = app.service) => Scrape.of(of.address);
  const connect = async (address: string) => {
    const mailbox = await app.connect(address);
    app.google.deliver(address, { text: 'Hi' });
    await quiet(app, mailbox);
    await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    // What nobody serves makes no series either, wherever it is asked for.
    await fetch(`${app.service.address}/nowhere/${address}`);
  };

  it('has as many series with 6 mailboxes as with one', async () => {
    await connect('first@example.com');
    // The scrape itself is a request that is counted; and gauges are absent until they have something to report.
    await eventually(scrape, {
      until: (seen) =>
        seen.value('inboxwire_mailboxes{status="active"}') === 1 &&
        seen.value('inboxwire_watches{status="active"}') === 1 &&
        seen.value('inboxwire_watch_nearest_expiry_seconds') !== undefined &&
        seen.value('inboxwire_log_oldest_event_seconds') !== undefined,
    });
    const before = new Set((await scrape()).own);
    expect(before.size).toBeGreaterThan(100);
    for (let n = 0; n < 5; n++) await connect(`more-${n}@example.com`);
    const after = await eventually(scrape, {
      until: (seen) => seen.value('inboxwire_mailboxes{status="active"}') === 6,
    });
    expect(after.own.filter((series) => !before.has(series))).toEqual([]);
    expect(after.text).not.toContain('example.com');
    expect(after.text).not.toContain('mbx_');
  }, 120_000);

  itWithPromtool('is what promtool accepts (skipped without promtool)', async () => {
    const { text } = await scrape();
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, output: '' });
  });

  it('shows each of two applications in one process by itself', async () => {
    const replica = await app.replica();
    const count = (seen: Scrape) => seen.value('inboxwire_pushes_total{outcome="news"}');
    expect(count(await scrape())).toBeGreaterThan(0);
    expect(count(await scrape(replica))).toBe(0);
    // Of the database they report the same.
    for (const one of [app.service, replica])
      expect((await scrape(one)).value('inboxwire_mailboxes{status="active"}')).toBe(6);
  });

  it('waits for a table that is locked for a second at most, and with one connection however many ask', async () => {
    const enabled = 'inboxwire_endpoints{status="enabled"}';
    const waiting = async () => {
      const rows = await app.database.dataSource.query<unknown[]>(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE '%FROM endpoints GROUP BY%'`,
      );
      return rows.length;
    };
    expect((await scrape()).value(enabled)).toBe(0);
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('LOCK TABLE endpoints IN ACCESS EXCLUSIVE MODE');
      const withoutIt = { until: (seen: Scrape) => seen.value(enabled) === undefined };
      const scrapes = Promise.all(Array.from({ length: 20 }, () => eventually(scrape, withoutIt)));
      expect(await eventually(waiting)).toBe(1);
      for (const seen of await scrapes) {
        expect(seen.value('inboxwire_database_up')).toBe(1);
        expect(seen.value('inboxwire_mailboxes{status="active"}')).toBe(6);
      }
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    await eventually(scrape, { until: (seen) => seen.value(enabled) === 0 });
  });

  it.each(['cut', 'swallow'] as const)(
    'comes within moments while the database is away (%s), and says so',
    async (how) => {
      expect((await scrape()).value('inboxwire_database_up')).toBe(1);
      await (how === 'cut' ? cable.cut() : cable.swallow());
      try {
        const without = await eventually(
          async () => {
            const began = performance.now();
            const seen = await scrape();
            expect(performance.now() - began).toBeLessThan(2_500);
            return seen;
          },
          { until: (seen) => seen.value('inboxwire_database_up') === 0 },
        );
        expect(without.value('inboxwire_mailboxes{status="active"}')).toBeUndefined();
        expect(without.value('inboxwire_pushes_total{outcome="news"}')).toBeGreaterThan(0);
        expect(without.text).toContain('process_cpu_seconds_total');
      } finally {
        if (how === 'cut') await cable.restore();
        else {
          await cable.cut();
          cable.spare();
          await cable.restore();
        }
      }
      await eventually(scrape, {
        until: (seen) => seen.value('inboxwire_mailboxes{status="active"}') === 6,
        timeout: 20_000,
      });
    },
    60_000,
  );
});
