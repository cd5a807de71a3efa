import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfig, PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { eventually } from '../eventually';
import { freePort } from '../free-port';

/** Where Google's package for Debian puts it. It needs Java. */
const DIRECTORY = '/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib';
const JAVA = '/usr/bin/java';

/** Undefined: this machine has none. */
export function emulatorJar(): string | undefined {
  if (!existsSync(DIRECTORY) || !existsSync(JAVA)) return undefined;
  const jar = readdirSync(DIRECTORY).find((name) => /^cloud-pubsub-emulator-.*-all\.jar$/.test(name));
  return jar && join(DIRECTORY, jar);
}

/** Google's own emulator of Pub/Sub, on loopback. */
export class Emulator {
  private constructor(
    readonly host: string,
    readonly admin: PubSub,
    private readonly process: ChildProcess,
  ) {}

  static async start(jar: string): Promise<Emulator> {
    const port = await freePort();
    const child = spawn(JAVA, ['-Xmx256m', '-jar', jar, '--host=127.0.0.1', `--port=${port}`], {
      stdio: 'ignore',
    });
    const host = `127.0.0.1:${port}`;
    const { PubSub: Client } = await import('@google-cloud/pubsub');
    const authClient = new PassThroughClient() as unknown as NonNullable<ClientConfig['authClient']>;
    const admin = new Client({ projectId: 'p', apiEndpoint: host, emulatorMode: true, authClient });
    const answers = () =>
      admin.getTopics().then(
        () => true,
        () => false,
      );
    await eventually(answers, { timeout: 60_000 });
    return new Emulator(host, admin, child);
  }

  async stop(): Promise<void> {
    await this.admin.close();
    this.process.kill('SIGKILL');
  }
}
