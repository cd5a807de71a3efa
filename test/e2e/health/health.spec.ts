import type { JobName } from '../../../src/background/background-job';
import { READINESS_CHECKS } from '../../../src/health/checks/all-readiness-checks';
import type { ReadinessCheck } from '../../../src/health/readiness-check';
import { BackgroundJobs } from '../../../src/background/background-jobs';
import type { Readiness } from '../../support/api-types';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('health', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  const ready = async () => {
    const answer = await fetch(`${app.service.address}/health/ready`);
    return { status: answer.status, body: (await answer.json()) as Readiness };
  };

  it('needs no key', async () => {
    const answer = await fetch(`${app.service.address}/health/live`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', installation: expect.stringMatching(/^\S{8,}$/) },
    ]);
    expect(await ready()).toEqual({
      status: 200,
      body: {
        status: 'ok',
        checks: {
          database: { status: 'up' },
          migrations: { status: 'up' },
          jobs: { status: 'up' },
          watches: { status: 'up' },
          eventLog: { status: 'up' },
          encryption: { status: 'up' },
        },
      },
    });
  });

  it('carries the same installation on every replica, as the database has it', async () => {
    const replica = await app.replica();
    const of = async (address: string) =>
      ((await (await fetch(`${address}/health/live`)).json()) as { installation: string }).installation;
    const [{ id }] = await app.database.dataSource.query('SELECT id FROM installation');
    expect([await of(app.service.address), await of(replica.address)]).toEqual([id, id]);
  });

  it('reports watches that Google refuses, and stays ready', async () => {
    app.google.topics.permit(app.environment.PUBSUB_TOPIC!, false);
    await app.connect('refused@example.com');
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { watches: { status: 'degraded' } } },
    });
  });

  it('is not ready when a loop has stalled', async () => {
    const stuck = { alive: false, start: () => {}, wake: () => {}, stop: async () => {} };
    app.service.application.get(BackgroundJobs).add('stuck' as JobName, stuck);
    expect(await ready()).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { jobs: { status: 'down' } } },
    });
  });

  it('is not ready when a migration is missing', async () => {
    await app.database.dataSource.query('ALTER TABLE migrations RENAME TO migrations_moved');
    expect(await ready()).toMatchObject({
      status: 503,
      body: { checks: { migrations: { status: 'down' } } },
    });
    await app.database.dataSource.query('ALTER TABLE migrations_moved RENAME TO migrations');
  });

  it('is not ready when a newer version has left it behind', async () => {
    const name = 'ContractDropOldColumns1999999999000';
    const { dataSource } = app.database;
    await dataSource.query('INSERT INTO migrations (timestamp, name) VALUES (1999999999000, $1)', [name]);
    expect((await ready()).body.checks.migrations).toEqual({
      status: 'down',
      detail: expect.stringMatching(new RegExp(`${name}. Start the newer version`)),
    });
    await dataSource.query('DELETE FROM migrations WHERE name = $1', [name]);
    expect((await ready()).body.checks.migrations).toEqual({ status: 'up' });
  });

  it('is made of checks that each have a name and a question, and that the API describes', async () => {
    const checks = app.service.application.get<readonly ReadinessCheck[]>(READINESS_CHECKS, {
      strict: false,
    });
    for (const { question } of checks) expect(question).toMatch(/\?$/);
    const answer = await fetch(`${app.service.address}/openapi.json`);
    const { components } = (await answer.json()) as {
      components: { schemas: Record<string, { properties: object }> };
    };
    expect(checks.map(({ name }) => name)).toEqual(Object.keys(components.schemas.HealthChecks!.properties));
  });
});
