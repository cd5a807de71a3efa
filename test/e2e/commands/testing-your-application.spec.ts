import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { COMPILE_CACHE } from '../../support/program/compile-cache';
import { SECRETS } from '../../support/program/local-setup';

/** The CI of the page, as it stands there but for the port. */
describe('docs/testing-your-application.md', () => {
  it('has a CI that works as it is written', async () => {
    const [directory, database, receiver, port] = await Promise.all([
      mkdtemp(join(tmpdir(), 'inboxwire-ci-')),
      createTestDatabase(),
      Receiver.start(),
      freePort(),
    ]);
    const page = await readFile('docs/testing-your-application.md', 'utf8');
    const script = /```sh\n([^]+?)```/.exec(page)![1]!.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
    expect(
      script.split('\n').filter((line) => line.trim() && !line.startsWith('#')).length,
    ).toBeLessThanOrEqual(20);
    const env = {
      PATH: process.env.PATH,
      ...COMPILE_CACHE,
      INBOXWIRE: `${process.execPath} ${join(process.cwd(), 'dist/src/main.js')}`,
      APP_URL: `${receiver.origin}/inboxwire`,
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: SECRETS.ENCRYPTION_KEYS,
    };
    const whole = `set -e\ntrap 'kill $(jobs -p); wait' EXIT\n${script}\nuntil [ -e delivered ]; do sleep 0.1; done`;
    const ended = new Promise<string>((resolve) => {
      execFile('bash', ['-c', whole], { env, cwd: directory, timeout: 80_000 }, (error, _, stderr) =>
        resolve(error === null ? 'well' : `${error.message}\n${stderr}`),
      );
    });
    const delivered = eventually(
      () => receiver.received.find(({ event }) => event.type === 'message.added')?.event,
      { timeout: 75_000 },
    );
    const event = await Promise.race([delivered, ended]);
    expect(event).toMatchObject({
      data: { message: { subject: 'Hello', from: { address: 'bob@example.net' } } },
    });
    await writeFile(join(directory, 'delivered'), '');
    expect(await ended).toBe('well');
    await receiver.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  }, 90_000);
});
