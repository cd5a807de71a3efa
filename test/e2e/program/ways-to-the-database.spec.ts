import { createServer } from 'node:net';
import { hasPgBouncer, PgBouncer } from '../../support/database/pgbouncer';
import { SocketProxy } from '../../support/database/socket-proxy';
import { eventually } from '../../support/eventually';
import { startProgramTest } from '../../support/program/program-test';

/** The built program, and what stands between it and its database or its port. */
describe('dist/src/main.js and the way to its database', () => {
  const test = startProgramTest();
  let { directory, database, port } = test;
  beforeAll(() => void ({ directory, database, port } = test));
  const { start, statusOf } = test;
  const until = (path: string, status: number) =>
    eventually(() => statusOf(path), { until: (seen) => seen === status, timeout: 40_000 });

  (hasPgBouncer ? it : it.skip)(
    'is ready behind a PgBouncer with its defaults (skipped where none is installed)',
    async () => {
      const pooler = await PgBouncer.start(database.url);
      try {
        const program = start({ DATABASE_URL: pooler.url });
        await until('/health/ready', 200);
        expect(await program.signal('SIGTERM')).toBe(0);
        expect(program.lines.filter(({ level }) => level >= 40)).toEqual([]);
      } finally {
        await pooler.stop();
      }
    },
  );

  it('waits for a socket that is not there yet, and answers 503 while it is gone', async () => {
    const { username, password, hostname, port: target, pathname } = new URL(database.url);
    const socket = new SocketProxy(directory, { host: hostname, port: Number(target) });
    const program = start({
      DATABASE_URL: `postgres://${username}:${password}@${pathname}?host=${directory}`,
    });
    await eventually(() => program.lines.filter(({ msg }) => msg === 'waiting for the database').length > 1, {
      timeout: 40_000,
    });
    await socket.appear();
    await until('/health/ready', 200);
    await socket.vanish();
    await until('/v1/mailboxes', 503);
    await until('/health/ready', 503);
    await socket.appear();
    await until('/v1/mailboxes', 200);
    expect(await program.signal('SIGTERM')).toBe(0);
    await socket.vanish();
    expect(program.lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  it('ends with 78, asks for percent-encoding and does not show the password', async () => {
    const program = start({ DATABASE_URL: 'postgres://inboxwire:p@ss/word-of-it@127.0.0.1:1/inboxwire' });
    expect(await program.ended).toBe(78);
    expect(program.output).toMatch(/^DATABASE_URL: expected .*percent-encoded/m);
    expect(program.output).not.toContain('of-it');
  });

  it('ends with 78 and says what to do when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((ready) => other.listen(port, '127.0.0.1', ready));
    const program = start({ DATABASE_URL: database.url });
    expect(await program.ended).toBe(78);
    expect(program.output).toMatch(
      new RegExp(`Another program listens on 127.0.0.1:${port} already.*set PORT`),
    );
    await new Promise((closed) => other.close(closed));
  });
});
