import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';
import { nothingIsUnderWay } from '../../support/sync/background';

const ADA = 'ada@example.com';
const CHANGES = 30;

/**
 * The hint, which claims the mailbox; the end of the sync, which claims the delivery; its outcome. Others are shared by several
 * changes: the reservation of quota (every 4 s for a busy mailbox), and the `pg_notify` for all that is committed within 10 ms.
 */
const MAX_STATEMENTS = 3;

/** https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES */
const PLANNED_FOR_PARAMETERS = 5;

/** What each connection of the pool has prepared, and how often it was planned for any parameters and for those at hand. */
async function preparedStatements(dataSource: DataSource) {
  const { master: pool } = dataSource.driver as unknown as { master: Pool };
  const connections = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  try {
    const answers = await Promise.all(
      connections.map((connection) =>
        connection.query<{ text: string; generic: number; custom: number }>(
          `SELECT left(statement, 60) AS text, generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements`,
        ),
      ),
    );
    return answers.flatMap(({ rows }) => rows);
  } finally {
    for (const connection of connections) connection.release();
  }
}

describe('a change, from its push to its webhook', () => {
  let app: TestApp;
  let receiver: Receiver;
  beforeAll(async () => {
    [app, receiver] = await Promise.all([createTestApp(), Receiver.start()]);
    await app.connect(ADA, { labelIds: [] });
    await app.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  const deliver = async () => {
    const { id } = app.google.deliver(ADA);
    await eventually(() => receiver.received.some(({ event }) => event.data.messageId === id));
  };
  const isSettled = () => nothingIsUnderWay(app.database);

  it(`makes ${MAX_STATEMENTS} statements at most`, async () => {
    await deliver();
    await eventually(isSettled);
    const texts: string[] = [];
    const { logger } = app.service.application.get(DataSource);
    const log = jest.spyOn(logger, 'logQuery').mockImplementation((text) => void texts.push(text));
    for (let n = 0; n < CHANGES; n++) {
      await deliver();
      await eventually(isSettled);
    }
    log.mockRestore();
    // What runs less often than once for a change belongs to what runs from time to time.
    const counts = [...Map.groupBy(texts, (text) => text)].map(([text, { length }]) => ({
      text: text.replace(/\s+/g, ' ').trim().slice(0, 80),
      count: Math.floor(length / CHANGES),
    }));
    const ofChange = counts.filter(({ count }) => count > 0);
    expect(ofChange.some(({ text }) => text.startsWith('WITH run '))).toBe(true);
    const sum = ofChange.reduce((all, { count }) => all + count, 0);
    expect({ sum, tooMany: sum > MAX_STATEMENTS ? ofChange : [] }).toEqual({
      sum: MAX_STATEMENTS,
      tooMany: [],
    });
  }, 120_000);

  // PostgreSQL plans a prepared statement for its parameters five times, and again each time for as long as that seems to pay.
  it('has its statements planned a few times by each connection, and no more', async () => {
    for (let n = 0; n < CHANGES; n++) await deliver();
    await eventually(isSettled);
    const plans = await preparedStatements(app.service.application.get(DataSource));
    const planned = plans.filter(({ generic, custom }) => generic + custom > PLANNED_FOR_PARAMETERS);
    for (const name of ['WITH hint ', 'WITH run ', 'WITH outcome '])
      expect(planned.map(({ text }) => text)).toContainEqual(expect.stringContaining(name));
    expect(planned.filter(({ custom }) => custom > PLANNED_FOR_PARAMETERS)).toEqual([]);
  });
});
