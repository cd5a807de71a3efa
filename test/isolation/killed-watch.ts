import { BenchReplica } from '../bench/bench-replica';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { TestProcess } from '../support/program/test-process';
import { tmpdir } from 'node:os';

const ROUNDS = 5;
const ADDRESS = 'killed@isolation.example';

/** SIGKILL of one replica while Google is asked for a watch: how long it takes until another one may ask. */
export async function measureKilledWatch(): Promise<string[]> {
  const survivor = await BenchReplica.start();
  const { google, api, settings } = survivor;
  try {
    google.addAccount(ADDRESS);
    const { id } = await connectMailbox(google, api, ADDRESS, {});
    const seconds: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const port = await freePort();
      const victim = TestProcess.start({ ...settings, PORT: String(port) }, tmpdir());
      await victim.ready(`http://127.0.0.1:${port}`);
      const asked = google.failNext({ method: 'gmail.users.watch', hang: true });
      const ask = new ApiClient(`http://127.0.0.1:${port}`, survivor.apiKey);
      ask.put(`/v1/mailboxes/${id}/watch`, {}).catch(() => undefined);
      await eventually(() => asked.hits === 1);
      await victim.signal('SIGKILL');
      const killed = performance.now();
      google.faults.clear();
      await eventually(() => api.put(`/v1/mailboxes/${id}/watch`, {}).catch(() => undefined), {
        timeout: 150_000,
      });
      seconds.push(((performance.now() - killed) / 1_000).toFixed(1));
    }
    return [`a watch after SIGKILL during users.watch: ${seconds.join(', ')} s (20 are promised)`];
  } finally {
    await survivor.stop();
  }
}
