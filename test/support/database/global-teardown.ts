import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deadlocksIn } from './deadlocks';

/** @throws Error when transactions have waited for each other, which no test asks for: whoever meets that is refused */
export default async function tearDown(): Promise<void> {
  const deadlocks: string[] = [];
  for (const { server, directory } of globalThis.postgresOfTests ?? []) {
    await server.stop();
    deadlocks.push(...deadlocksIn(await readFile(join(directory, 'postgres', 'server.log'), 'utf8')));
    await rm(directory, { recursive: true, force: true });
  }
  if (deadlocks.length > 0)
    throw new Error(`Statements of a test have waited for each other:\n${deadlocks.join('\n')}`);
}
