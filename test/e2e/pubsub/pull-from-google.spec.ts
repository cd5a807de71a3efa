import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminKeyFile } from '../../support/commands/admin-key';
import { createTestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { ConnectProxy } from '../../support/http/connect-proxy';
import { TestProcess } from '../../support/program/test-process';
import { environmentOf, startGoogle } from '../../support/test-app';

/** Without an emulator. Nothing leaves the machine: the proxy refuses every tunnel. */
describe('notifications that are pulled from Google', () => {
  it('are asked for with the credentials of a key file, over the proxy', async () => {
    const [google, database, key, directory, port] = await Promise.all([
      ...([startGoogle(), createTestDatabase(), adminKeyFile()] as const),
      ...([mkdtemp(join(tmpdir(), 'inboxwire-pull-')), freePort()] as const),
    ]);
    const proxy = new ConnectProxy(0);
    const own = {
      PUBSUB_DELIVERY: 'pull',
      PUBSUB_PUSH_SERVICE_ACCOUNT: '',
      GOOGLE_APPLICATION_CREDENTIALS: key.path,
      HTTPS_PROXY: `http://${await proxy.listen()}`,
      NO_PROXY: '127.0.0.1',
    };
    const program = TestProcess.start({ ...environmentOf(google, database, port), ...own }, directory);
    try {
      await program.ready(`http://127.0.0.1:${port}`);
      const lines = await eventually(() => proxy.requests.map(({ line }) => line), {
        until: ({ length }) => length > 0,
      });
      expect(new Set(lines)).toEqual(new Set(['CONNECT pubsub.googleapis.com:443 HTTP/1.1']));
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        200,
        { status: 'degraded', checks: { pubsub: { status: 'degraded' } } },
      ]);
      expect(program.output).not.toContain('no credentials');
    } finally {
      await program.signal('SIGKILL');
      await Promise.all([google.stop(), database.drop(), proxy.close(), key.remove()]);
      await rm(directory, { recursive: true, force: true });
    }
  });
});
