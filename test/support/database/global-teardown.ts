import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  for (const { server, directory } of globalThis.postgresOfTests ?? []) {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
