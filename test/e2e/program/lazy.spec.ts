import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { freePort } from '../../support/free-port';
import { COMPILE_CACHE } from '../../support/program/compile-cache';
import { GOOGLE_SETTINGS, SECRETS } from '../../support/program/local-setup';
import { pullSettings } from '../../support/pubsub/pull-app';

/** Sends how many files of some libraries are loaded, whenever it is asked. */
const SPY = `
  const Module = require('node:module');
  process.on('message', (pattern) => {
    process.send(Object.keys(Module._cache).filter((file) => new RegExp(pattern).test(file)).length);
  });`;

/** The library of Pub/Sub costs a second and some 60 MB: whoever is pushed to must not pay for it. */
const PUBSUB = 'node_modules.(@google-cloud|@grpc|google-gax)';

/** What agents and owners of mailboxes need, who may never come: together another 40 MB. */
const AGENTS = 'node_modules.(@modelcontextprotocol|zod)';
const PAGES = 'node_modules.preact';

describe('what is loaded when it is first used', () => {
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

  /** How many files of each library a program has loaded that listens. */
  async function loadedWith(settings: Record<string, string>, ...libraries: string[]): Promise<number[]> {
    const port = String(await freePort());
    const own = {
      PATH: process.env.PATH,
      ...COMPILE_CACHE,
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
    const loaded: number[] = [];
    for (const library of libraries) {
      program.send(library);
      const [files] = (await once(program, 'message')) as [number];
      loaded.push(files);
    }
    program.kill('SIGKILL');
    return loaded;
  }

  it('is not loaded where notifications are pushed', async () => {
    expect(await loadedWith({}, PUBSUB)).toEqual([0]);
  });

  it('is loaded where they are pulled', async () => {
    const [loaded] = await loadedWith(pullSettings(pubsub.host), PUBSUB);
    expect(loaded).toBeGreaterThan(0);
  });

  it('is not loaded before an agent calls', async () => {
    expect(await loadedWith({ CONNECT_PAGE: 'true' }, AGENTS, PAGES)).toEqual([0, 0]);
  });
});
