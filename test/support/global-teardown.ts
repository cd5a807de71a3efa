import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  await globalThis.postgresOfTests?.server.stop();
  await rm(globalThis.postgresOfTests!.directory, { recursive: true, force: true });
}
