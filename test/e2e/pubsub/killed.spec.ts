import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import { ApiClient } from '../../support/api-client';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { createTestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { PUSH } from '../../support/program/local-setup';
import { TestProcess } from '../../support/program/test-process';
import { publishTo, pullSettings } from '../../support/pubsub/pull-app';
import { API_KEY, environmentOf, startGoogle } from '../../support/test-app';

describe('a killed replica that pulled', () => {
  it('loses nothing: what it held comes to another one within 20 s', async () => {
    const [google, database, pubsub, directory, ...ports] = await Promise.all([
      ...([startGoogle(), createTestDatabase(), FakePubsub.start()] as const),
      mkdtemp(join(tmpdir(), 'inboxwire-pull-')),
      ...[freePort(), freePort()],
    ]);
    const subscription = pubsub.createSubscription(PUSH.subscription, PUSH.topic);
    publishTo(google, (data) => void pubsub.publish(PUSH.topic, data));
    const start = async (port: number) => {
      const settings = { ...environmentOf(google, database, port), ...pullSettings(pubsub.host) };
      const program = TestProcess.start(settings, directory);
      await program.ready(`http://127.0.0.1:${port}`);
      return program;
    };
    const first = await start(ports[0]!);
    let second: TestProcess | undefined;
    const holder = database.dataSource.createQueryRunner();
    try {
      const api = (port: number) => new ApiClient(`http://127.0.0.1:${port}`, API_KEY);
      google.addAccount('ann@example.com');
      const { id } = await connectMailbox(google, api(ports[0]!), 'ann@example.com');
      await eventually(() => subscription.outstanding === 0 && subscription.acknowledged.length > 0);
      await holder.startTransaction();
      await holder.query('SELECT 1 FROM mailbox_cursors WHERE mailbox_id = $1 FOR UPDATE', [id]);
      const before = subscription.attempts.size;
      const { id: messageId } = google.deliver('ann@example.com');
      await eventually(() => subscription.attempts.size > before);
      second = await start(ports[1]!);
      await first.signal('SIGKILL');
      await holder.rollbackTransaction();
      const ids = async () =>
        (await api(ports[1]!).events({ mailboxId: id, types: 'message.added' })).map(
          ({ data }) => data.messageId,
        );
      await eventually(() => subscription.outstanding === 0, { timeout: 20_000 });
      await eventually(async () => (await ids()).includes(messageId));
      expect(await ids()).toEqual([messageId]);
    } finally {
      await holder.release();
      await first.signal('SIGKILL');
      await second?.signal('SIGKILL');
      await google.stop();
      pubsub.stop();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
