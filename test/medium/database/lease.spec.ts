import { DataSource } from 'typeorm';
import { LeaseService } from '../../../src/database/lease.service';
import { LeaseStore } from '../../../src/database/lease.store';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';

describe(LeaseService, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = database.dataSource;
  });
  afterAll(() => database?.drop());

  const replica = () => new LeaseService(new LeaseStore(dataSource));
  const secondsLeft = async (name: string): Promise<number | undefined> => {
    const [row] = await dataSource.query<{ left: number }[]>(
      'SELECT extract(epoch FROM expires_at - now())::float8 AS left FROM leases WHERE name = $1',
      [name],
    );
    return row?.left;
  };

  it('is short, so that the work of a killed holder is taken over within 20 s, and renewed while the work lasts', async () => {
    const end = Promise.withResolvers<void>();
    const work = replica().hold('watch:a', () => end.promise);
    const first = (await eventually(() => secondsLeft('watch:a')))!;
    expect(first).toBeLessThanOrEqual(12);
    // The work outlasts its first seconds: the lease does not run down.
    await eventually(async () => ((await secondsLeft('watch:a'))! < first - 2 ? true : undefined));
    await eventually(async () => (await secondsLeft('watch:a'))! > first - 1.5);
    expect(await replica().holdIfFree('watch:a', async () => {})).toBe(false);
    end.resolve();
    await work;
    expect(await secondsLeft('watch:a')).toBeUndefined();
  });

  it('of a holder that died is taken over when it has run out', async () => {
    const dead = `INSERT INTO leases (name, holder, expires_at) VALUES ($1, 'dead', now() + interval '1 second')`;
    await dataSource.query(dead, ['grant:b']);
    expect(await replica().hold('grant:b', async () => 'done')).toBe('done');
  });
});
