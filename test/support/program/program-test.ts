import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../database/database';
import { freePort } from '../free-port';
import { API_KEY, GOOGLE_SETTINGS, SECRETS } from './local-setup';
import { TestProcess } from './test-process';

/** What tests have that start the built program by itself: no Google, and settings of their own. */
export interface ProgramTest {
  /** Its working directory. */
  directory: string;
  database: TestDatabase;
  port: number;
  /** Starts the program, without a database unless the settings name one. It is killed after the last test. */
  start: (settings: Record<string, string>, logFile?: string) => TestProcess;
  /** What it answers with at this path; undefined while it does not. */
  statusOf: (path: string) => Promise<number | undefined>;
}

/** @returns what is filled in before the first test: take it over in a `beforeAll` of the file */
export function startProgramTest(): ProgramTest {
  const started: TestProcess[] = [];
  const test = {
    start: (settings, logFile) => {
      const own = { ...GOOGLE_SETTINGS, ...SECRETS, PORT: String(test.port), ...settings };
      const program = TestProcess.start(own, test.directory, logFile);
      started.push(program);
      return program;
    },
    statusOf: async (path) => {
      const headers = { authorization: `Bearer ${API_KEY}` };
      const url = `http://127.0.0.1:${test.port}${path}`;
      return (await fetch(url, { headers }).catch(() => undefined))?.status;
    },
  } as ProgramTest;
  beforeAll(async () => {
    test.directory = await mkdtemp(join(tmpdir(), 'inboxwire-program-'));
    [test.database, test.port] = await Promise.all([createTestDatabase(), freePort()]);
  });
  afterAll(async () => {
    await Promise.all(started.map((program) => program.signal('SIGKILL')));
    await test.database.drop();
    await rm(test.directory, { recursive: true, force: true });
  });
  return test;
}
