import { ownersOfTables, sqlOfFile, sqlOfService, tablesIn } from './sql-in-source';

/** Which modules read or write tables that are not theirs, and why. */
const OTHER_USERS: Record<string, Record<string, string>> = {
  api_keys: { console: 'a session is over when its key is' },
  mailboxes: {
    console: 'counts them',
    connection: 'finds those whose address another account has now',
    metrics: 'counts them',
    sync: 'a hint names the address of a mailbox, and one statement finds it and records the hint; a claim brings its revision',
    watch: 'only watches of active mailboxes are renewed',
  },
  watches: { console: 'counts them, and when they run out', metrics: 'counts them' },
  mailbox_cursors: { metrics: 'counts those that wait, and how long the oldest does' },
  mailbox_snapshots: { metrics: 'counts those that are built' },
  events: {
    database: 'the order of a restored log is rebased at the start',
    delivery:
      'deliveries show and send events; what an endpoint is sent about itself is appended with its change',
    metrics: 'measures the log, and the age of what waits',
  },
  event_log_origin: { database: 'the order of a restored log is rebased at the start' },
  mailbox_sequences: { delivery: 'cursors of endpoints begin and end at the last sequence of a mailbox' },
  endpoints: {
    database: 'the points of the log that they are subscribed from count when its order is rebased',
    console: 'counts those that need a person',
    metrics: 'counts them, and what waits for those that are enabled',
  },
  delivery_cursors: { metrics: 'counts what waits' },
  deliveries: { console: 'counts the dead ones', metrics: 'counts those that wait, and the dead ones' },
};

describe('SQL', () => {
  const owners = ownersOfTables();
  const tables = [...owners.keys()];
  const files = sqlOfService(tables);

  it('stands in stores and migrations only', () => {
    const elsewhere = files.filter(
      ({ path, statements }) => statements.length > 0 && !/\.store\.ts$/.test(path),
    );
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('is run by sql() only', () => {
    const callers = files.filter(({ queryCalls }) => queryCalls > 0).map(({ path }) => path);
    expect(callers).toContain('src/database/sql.ts');
    const others = callers.filter((path) => path !== 'src/database/sql.ts');
    expect(others).toEqual([]);
  });

  it('names tables of its own module, and those of others for a reason', () => {
    const foreign = files.flatMap(({ path, statements }) => {
      const module = path.split('/')[1]!;
      return tablesIn(statements.join('\n'), tables)
        .filter((table) => owners.get(table) !== module)
        .map((table) => ({ table, module }));
    });
    const unexplained = foreign.filter(({ table, module }) => !OTHER_USERS[table]?.[module]);
    expect(unexplained).toEqual([]);
    const used = new Set(foreign.map(({ table, module }) => `${table} ${module}`));
    const explained = Object.entries(OTHER_USERS).flatMap(([table, users]) =>
      Object.keys(users).map((module) => `${table} ${module}`),
    );
    expect(explained.filter((pair) => !used.has(pair))).toEqual([]);
  });

  it('is recognised as a statement, as part of one, and as a call', () => {
    const { statements, queryCalls } = sqlOfFile(
      'src/x/x.service.ts',
      `a.query('SELECT 1'); b = \`UPDATE events SET x = \${y}\`; c = 'FROM events WHERE'; d = 'Delete what is there.';`,
      tables,
    );
    expect(statements).toEqual(['SELECT 1', 'UPDATE events SET x = ?', 'FROM events WHERE']);
    expect(queryCalls).toBe(1);
    expect(tablesIn('SELECT events.id FROM events JOIN mailboxes', tables).sort()).toEqual([
      'events',
      'mailboxes',
    ]);
  });

  it('has every table with one owner, which is a module', () => {
    expect(owners.size).toBeGreaterThan(20);
    for (const module of owners.values())
      expect(files.some(({ path }) => path.startsWith(`src/${module}/`))).toBe(true);
  });
});
