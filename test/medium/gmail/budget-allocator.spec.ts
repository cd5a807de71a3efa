import { BudgetAllocator, type BudgetRequest } from '../../../src/gmail/quota/budget-allocator.service';
import { BudgetStore } from '../../../src/gmail/quota/budget.store';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

const HOUR_MS = 3_600_000;

describe(BudgetAllocator, () => {
  let database: TestDatabase;
  let statements: string[];
  let count = 0;
  let name: string;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database?.drop());
  beforeEach(() => {
    name = `mbx_${++count}`;
    statements = [];
  });

  const query = <Rows>(text: string, parameters: unknown[]) =>
    database.dataSource.query<Rows>(text, parameters);
  const recorded = {
    query: (text: string, parameters: unknown[]) => {
      statements.push(text);
      return query(text, parameters);
    },
  };
  /** What one replica runs. */
  const replica = () => new BudgetAllocator(new BudgetStore(recorded as TestDatabase['dataSource']));
  const store = () => new BudgetStore(database.dataSource);
  const request = (required: number, more: Partial<BudgetRequest> = {}): BudgetRequest => {
    const ceiling = 6_000;
    return { name, required, wanted: required, ceiling, ignoresThrottle: false, ...more };
  };
  const reserved = async () => {
    const [row] = await query<{ reserved: string; units: number[] }[]>(
      'SELECT reserved, units FROM gmail_budgets WHERE name = $1',
      [name],
    );
    expect(row!.units.reduce((all, some) => all + some, 0)).toBe(Number(row!.reserved));
    return Number(row!.reserved);
  };
  const granted = (units: number) => ({ granted: units });
  const aWait = { granted: 0, waitMs: expect.any(Number), throttled: false };

  it('needs one statement for all that is reserved at the same moment, once it has seen the budgets', async () => {
    const one = replica();
    const both = () => Promise.all([one.reserve(request(20)), one.reserve(request(20, { name: 'project' }))]);
    await both();
    for (let round = 1; round <= 5; round++) {
      statements = [];
      expect(await both()).toEqual([granted(20), granted(20)]);
      expect(statements).toHaveLength(1);
    }
    expect(await reserved()).toBe(120);
  });

  it('needs two when another replica was faster, and grants both together no more than there is', async () => {
    const [one, two] = [replica(), replica()];
    for (const each of [one, two]) expect(await each.reserve(request(1_500))).toEqual(granted(1_500));
    statements = [];
    expect(await one.reserve(request(1_500))).toEqual(granted(1_500));
    expect(statements).toHaveLength(2);
    // It remembers 3,000 units less than were used.
    expect(await two.reserve(request(2_000))).toEqual(aWait);
    expect(await two.reserve(request(1_500))).toEqual(granted(1_500));
    expect(await one.reserve(request(1))).toEqual(aWait);
    expect(await reserved()).toBe(6_000);
  });

  it('grants what there is and no more to two replicas that reserve at the same time', async () => {
    const replicas = [replica(), replica()];
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => replicas[index % 2]!.reserve(request(100))),
    );
    expect(outcomes.filter((outcome) => outcome.granted === 100)).toHaveLength(60);
    expect(outcomes.filter((outcome) => outcome.waitMs !== undefined)).toHaveLength(40);
    expect(await reserved()).toBe(6_000);
  });

  it('respects a throttle that another replica has recorded since', async () => {
    const one = replica();
    expect(await one.reserve(request(20))).toEqual(granted(20));
    await store().throttleUntil(name, new Date(Date.now() + HOUR_MS));
    const outcome = await one.reserve(request(20));
    expect(outcome).toEqual({ granted: 0, waitMs: expect.any(Number), throttled: true });
    expect(outcome.waitMs).toBeGreaterThan(HOUR_MS - 60_000);
    expect(await one.reserve(request(20, { ignoresThrottle: true }))).toEqual(granted(20));
    expect(await reserved()).toBe(40);
  });

  it('refuses nobody for what it remembers: neither a throttle that has ended, nor units that count no more', async () => {
    const one = replica();
    await store().throttleUntil(name, new Date(Date.now() + HOUR_MS));
    expect(await one.reserve(request(20))).toMatchObject({ throttled: true });
    await query('UPDATE gmail_budgets SET not_before = NULL WHERE name = $1', [name]);
    expect(await one.reserve(request(6_000))).toEqual(granted(6_000));
    expect(await one.reserve(request(1))).toEqual(aWait);
    await query(`UPDATE gmail_budgets SET units = '{}' WHERE name = $1`, [name]);
    expect(await one.reserve(request(1))).toEqual(granted(1));
  });

  it('refuses some and grants others of the same moment on what the save has found unchanged', async () => {
    const one = replica();
    await one.reserve(request(3_000));
    statements = [];
    const outcomes = await Promise.all([
      one.reserve(request(100, { ceiling: 3_000 })),
      one.reserve(request(100)),
    ]);
    expect(outcomes).toEqual([aWait, granted(100)]);
    expect(statements).toHaveLength(1);
  });

  it('makes a budget anew that is no longer there', async () => {
    const one = replica();
    await one.reserve(request(20));
    await query('DELETE FROM gmail_budgets WHERE name = $1', [name]);
    expect(await one.reserve(request(30))).toEqual(granted(30));
    expect(await reserved()).toBe(30);
  });

  it("counts units in the time of the database's clock, also those that were granted from memory", async () => {
    const one = replica();
    for (let round = 1; round <= 3; round++) await one.reserve(request(20));
    const [row] = await query<{ late: number }[]>(
      'SELECT (floor(extract(epoch FROM clock_timestamp()) / 2.5) - slot)::int AS late FROM gmail_budgets WHERE name = $1',
      [name],
    );
    expect(row!.late).toBeGreaterThanOrEqual(0);
    expect(row!.late).toBeLessThanOrEqual(1);
  });
});
