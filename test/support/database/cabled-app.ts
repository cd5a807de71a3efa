import type { LocalGoogle } from '../../../src/local-google/local-google';
import { createTestApp, type TestApp } from '../test-app';
import { TcpProxy } from './tcp-proxy';

/** The whole program, as `createTestApp` starts it, with a cable between it and its database that tests can pull. */
export async function createCabledApp(
  settings: Record<string, string> = {},
  given?: LocalGoogle,
): Promise<{ app: TestApp; cable: TcpProxy }> {
  let cable!: TcpProxy;
  const app = await createTestApp(async (databaseUrl) => {
    const url = new URL(databaseUrl);
    cable = await TcpProxy.to(url.hostname, Number(url.port));
    url.host = `127.0.0.1:${cable.port}`;
    return { ...settings, DATABASE_URL: url.href };
  }, given);
  return { app, cable };
}
