import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { freePort } from '../../support/free-port';
import { GOOGLE_SETTINGS, SECRETS } from '../../support/program/local-setup';
import { pullSettings } from '../../support/pubsub/pull-app';

/** Sends which of the libraries of Pub/Sub are loaded, whenever it is asked. */
const SPY = `
  const Module = require('node:module');
  process.on('message', () => {
    const isLibrary = (file) => /node_modules.(@google-cloud|@grpc|google-gax)/.test(file);
    process.send(Object.keys(Module._cache).filter(isLibrary).length);
  });`;

/** The library of Pub/Sub costs a second and some 60 MB: whoever is pushed to must not pay for it. */
describe('the library of Pub/Sub', () => {
  let [directory, database, pubsub]: [string, TestDatabase, FakePubsub] = [] as never;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inboxwire-lazy-'));
    [database, pubsub] = await Promise.all([createTestDatabase(), FakePubsub.start()]);
    await writeFile(join(directory, 'spy.cjs'), SPY);
  });
  afterAll(async () => {
    pubsub.stop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  /** How many files of it a program has loaded that listens. */
  async function loadedWith(settings: Record<string, string>): Promise<number> {
    const port = String(await freePort());
    const own = {
      PATH: process.env.PATH,
      ...GOOGLE_SETTINGS,
      ...SECRETS,
      PORT: port,
      DATABASE_URL: database.url,
    };
    const program = fork(join(process.cwd(), 'dist/src/main.js'), [], {
      cwd: directory,
      env: { ...own, ...settings },
      execArgv: ['--require', join(directory, 'spy.cjs')],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let output = '';
    for await (const chunk of program.stdout!) {
      output += String(chunk);
      if (output.includes('"listening"')) break;
    }
    program.send('report');
    const [loaded] = (await once(program, 'message')) as [number];
    program.kill('SIGKILL');
    return loaded;
  }

  it('is not loaded where notifications are pushed', async () => {
    expect(await loadedWith({})).toBe(0);
  });

  it('is loaded where they are pulled', async () => {
    expect(await loadedWith(pullSettings(pubsub.host))).toBeGreaterThan(0);
  });
});
