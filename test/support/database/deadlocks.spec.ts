import { deadlocksIn } from './deadlocks';

const LOG = `2026-11-30 17:22:48.213 UTC [2130] LOG:  checkpoint starting: immediate force wait
2026-11-30 17:22:48.213 UTC [2132] ERROR:  deadlock detected
2026-11-30 17:22:48.213 UTC [2132] DETAIL:  Process 2132 waits for ShareLock on transaction 1331; blocked by process 2133.
\tProcess 2133 waits for ShareLock on transaction 1346; blocked by process 2132.
\tProcess 2132: INSERT INTO backfills
\t       SELECT 1
\tProcess 2133: UPDATE mailbox_cursors
2026-11-30 17:22:48.213 UTC [2132] HINT:  See server log for query details.
2026-11-30 17:22:48.214 UTC [2140] ERROR:  deadlock detected
2026-11-30 17:22:48.214 UTC [2140] CONTEXT:  PL/pgSQL function deadlock() line 1 at RAISE
`;

describe(deadlocksIn.name, () => {
  it('gives the statements of a deadlock, and not those of an error that looks like one', () => {
    expect(deadlocksIn(LOG).map((line) => line.trim())).toEqual([
      expect.stringContaining('Process 2132 waits for ShareLock'),
      expect.stringContaining('Process 2133 waits for ShareLock'),
      'Process 2132: INSERT INTO backfills',
      'SELECT 1',
      'Process 2133: UPDATE mailbox_cursors',
    ]);
    expect(deadlocksIn('')).toEqual([]);
  });
});
