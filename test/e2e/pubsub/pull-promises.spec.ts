import { PUSH } from '../../support/program/local-setup';
import { ownersOf } from '../../support/connection/owners';
import { eventually } from '../../support/eventually';
import { createPullApp, type PullApp } from '../../support/pubsub/pull-app';

const LEASE_MS = 10_000;
const MAX_MESSAGES = 1_000;

/** What is promised of pushes, syncs and replicas, where notifications are pulled. */
describe('notifications that are pulled, as those that are pushed', () => {
  let app: PullApp;
  beforeAll(async () => void (app = await createPullApp()));
  afterAll(() => app.close());
  const { newMailbox, arrives, added, view } = ownersOf(() => app);

  const isEmpty = () => eventually(() => app.subscription.outstanding === 0, { timeout: 30_000 });
  const publish = (emailAddress: string, historyId: string) =>
    app.pubsub.publish(
      PUSH.topic,
      Buffer.from(`{"emailAddress":"${emailAddress}","historyId":${historyId}}`),
    );
  const reads = (account: string) =>
    app.google.requests.count({ method: 'gmail.users.history.list', account });
  const hasRead = (id: string, historyId: string) =>
    eventually(async () => (await view(id)).sync.historyId === historyId);

  it('may name the history id as string or number, exact above 2^53, and the address in any letter case', async () => {
    const { id, emailAddress } = await newMailbox();
    for (const [address, quote] of [
      [emailAddress.toUpperCase(), ''],
      [emailAddress, '"'],
    ] as const) {
      app.google.silentChange(emailAddress);
      const historyId = String(app.google.historyId(emailAddress));
      expect(BigInt(historyId)).toBeGreaterThan(2n ** 53n);
      publish(address, quote + historyId + quote);
      await hasRead(id, historyId);
      expect((await view(id)).sync.notifiedHistoryId).toBe(historyId);
    }
    await isEmpty();
  });

  it('ask Gmail nothing at or behind what is known, and once for one ahead however often it comes', async () => {
    const { id, emailAddress } = await newMailbox();
    await isEmpty();
    await hasRead(id, String(app.google.historyId(emailAddress)));
    const [known, before] = [app.google.historyId(emailAddress), reads(emailAddress)];
    for (const historyId of [known, BigInt(known) - 1n, 1n, 0n]) publish(emailAddress, String(historyId));
    await isEmpty();
    app.google.silentChange(emailAddress);
    const newest = String(app.google.historyId(emailAddress));
    for (let n = 0; n < 20; n++) publish(emailAddress, newest);
    await isEmpty();
    await hasRead(id, newest);
    expect(reads(emailAddress) - before).toBe(1);
  });

  it('come a thousand at a time, for 10 s each, which are extended while they are worked on', async () => {
    const { id, emailAddress } = await newMailbox();
    await isEmpty();
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT 1 FROM mailbox_cursors WHERE mailbox_id = $1 FOR UPDATE', [id]);
    const [reader] = [...app.subscription.readers];
    expect(reader).toMatchObject({ leaseMs: LEASE_MS, maxMessages: MAX_MESSAGES });
    const newest = app.google.deliver(emailAddress);
    await eventually(() => reader!.held.size === 1);
    const historyId = String(app.google.historyId(emailAddress));
    const more = Array.from({ length: MAX_MESSAGES + 100 }, () => publish(emailAddress, historyId));
    await eventually(() => reader!.held.size === MAX_MESSAGES);
    const since = performance.now();
    await eventually(() => performance.now() - since > LEASE_MS + 1_000);
    const attempts = more.map((messageId) => app.subscription.attempts.get(messageId) ?? 0);
    expect([Math.max(...attempts), attempts.filter((times) => times === 1).length]).toEqual([
      1,
      MAX_MESSAGES - 1,
    ]);
    expect(app.subscription.outstanding).toBe(MAX_MESSAGES + 101);
    await holder.rollbackTransaction();
    await holder.release();
    await isEmpty();
    await arrives(id, newest);
  });

  it('are read by several replicas together, and each change is one event, also when one of them ends', async () => {
    const { id, emailAddress } = await newMailbox();
    await isEmpty();
    const replica = await app.replica();
    await eventually(() => app.subscription.readers.size === 2);
    app.subscription.switches.duplicates = 1;
    const deliver = () => Array.from({ length: 5 }, () => app.google.deliver(emailAddress));
    const first = deliver();
    await arrives(id, first.at(-1)!);
    await replica.stop();
    await eventually(() => app.subscription.readers.size === 1);
    const second = deliver();
    await arrives(id, second.at(-1)!);
    app.subscription.switches.duplicates = 0;
    await isEmpty();
    expect(await added(id)).toEqual([...first, ...second].map((message) => message.id));
  });
});
