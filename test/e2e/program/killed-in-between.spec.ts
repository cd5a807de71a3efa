import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox } from '../../support/api-types';
import { messageEvents } from '../../support/event/mailbox-log';
import { messageIdOf, ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { type ClusterReplica, TestCluster } from '../../support/program/test-cluster';

const MODIFY = 'gmail.users.messages.modify';
const HOUR_MS = 3_600_000;
const OLD_MESSAGES = 40;
/** The receiver of these takes so long for each: a backfill waits for it, and the kill is sure to come in the middle. */
const SLOW_MS = 40;
const LIMITED_MESSAGES = 60;
const RATE = 10;
/** What the contract allows in any 5 s. */
const MAX_IN_WINDOW = 7 * RATE;
const WINDOW_MS = 5_000;
/** What a killed process was doing is taken over within 20 s; a start on a busy machine comes before that. */
const TAKEN_OVER_WITHIN_MS = 40_000;

/** One process is killed while all of these are under way, so that what it held is waited for once. */
describe('a process that is killed in the middle of a backfill, of limited deliveries and of changes of labels', () => {
  let cluster: TestCluster;
  let receiver: Receiver;
  let limited: Receiver;
  let replica: ClusterReplica;
  let old: string[];
  let lateMail: string;
  let backfilled: Mailbox;
  let paced: Mailbox;
  /** Of the one Gmail was not asked yet; of the other it was, and has done it. */
  let [unasked, done]: { address: string; mailbox: Mailbox; messageId: string }[] = [];

  beforeAll(async () => {
    const settings = {
      GMAIL_SCOPES: 'https://www.googleapis.com/auth/gmail.modify',
      SUPPRESS_OWN_CHANGES: 'true',
      RECONCILE_INTERVAL: '1s',
    };
    [cluster, receiver, limited] = await Promise.all([
      TestCluster.create(settings),
      Receiver.start(),
      Receiver.start(),
    ]);
    receiver.answer = () => new Promise((answer) => setTimeout(() => answer(204), SLOW_MS));
    replica = await cluster.start();
    cluster.google.addAccount('old@example.com');
    old = Array.from(
      { length: OLD_MESSAGES },
      (_, n) =>
        cluster.google.deliver('old@example.com', { internalDate: Date.now() - (OLD_MESSAGES - n) * HOUR_MS })
          .id,
    );
    backfilled = await cluster.connect('old@example.com', replica);
    paced = await cluster.connect('paced@example.com', replica);
    [unasked, done] = await Promise.all(['unasked@example.com', 'done@example.com'].map(withMessage));
    await killInBetween();
  }, 90_000);
  afterAll(async () => {
    await cluster?.close();
    await Promise.all([receiver?.stop(), limited?.stop()]);
  });

  async function withMessage(address: string) {
    const mailbox = await cluster.connect(address, replica);
    await replica.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: [] });
    const { id: messageId } = cluster.google.deliver(address);
    await eventually(async () => (await logOf(mailbox)).some((event) => messageIdOf(event) === messageId));
    return { address, mailbox, messageId };
  }

  /** Everything is under way; the process is killed, and another one is started. */
  async function killInBetween(): Promise<void> {
    const { google } = cluster;
    await replica.api.post('/v1/endpoints', { url: receiver.origin, mailboxIds: [backfilled.id] }, 201);
    const endpoint = { url: limited.origin, mailboxIds: [paced.id], rateLimit: RATE };
    await replica.api.post('/v1/endpoints', endpoint, 201);
    const since = new Date(Date.now() - 2 * OLD_MESSAGES * HOUR_MS).toISOString();
    const faults = [
      google.failNext({ method: MODIFY, account: unasked!.address, hang: true }),
      google.failNext({ method: MODIFY, account: done!.address, hang: true, when: 'after' }),
    ];
    for (let n = 0; n < LIMITED_MESSAGES; n++) google.deliver('paced@example.com');
    await replica.api.post(`/v1/mailboxes/${backfilled.id}/backfill`, { since }, 202);
    const broken = [unasked!, done!].map((one) => star(one).catch(() => 'broken off'));
    await eventually(() => faults.every(({ hits }) => hits === 1));
    await eventually(() => limited.received.length >= RATE && receiver.received.length > 2);
    await replica.program.signal('SIGKILL');
    expect(await Promise.all(broken)).toEqual(['broken off', 'broken off']);
    expect(limited.received.length).toBeLessThan(LIMITED_MESSAGES);
    expect(receiver.received.length).toBeLessThan(OLD_MESSAGES);
    lateMail = google.deliver('old@example.com').id;
    replica = await cluster.start();
  }

  const star = ({ mailbox, messageId }: { mailbox: Mailbox; messageId: string }) =>
    replica.api.post(`/v1/mailboxes/${mailbox.id}/messages/${messageId}/modify`, {
      addLabelIds: ['STARRED'],
    });
  const logOf = ({ id }: Mailbox) => replica.api.events({ mailboxId: id });
  const patient = { timeout: TAKEN_OVER_WITHIN_MS };
  /** What a receiver got, each once, in the order of its first coming. */
  const firsts = ({ received }: Receiver) => [...new Set(received.map(({ event }) => event.sequence))];
  /** One delivery was under way for each mailbox, and its outcome is not known. */
  const repeats = (one: Receiver) => one.received.length - firsts(one).length;

  it('goes on with the backfill: each message once, oldest first, and counted', async () => {
    const log = await eventually(() => logOf(backfilled), {
      ...patient,
      until: (events) => ofType(events, 'mailbox.backfilled').length > 0,
    });
    const added = ofType(log, 'message.added');
    const found = added.filter(({ origin }) => origin === 'backfill').map(messageIdOf);
    expect(found).toEqual(old);
    expect(added.filter(({ origin }) => origin === 'live').map(messageIdOf)).toEqual([lateMail]);
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, i) => i + 1));
    const recovered = { 'message.added': OLD_MESSAGES };
    expect(ofType(log, 'mailbox.backfilled').map(({ data }) => data)).toMatchObject([{ recovered }]);
    // The events before the endpoint was made are not for it.
    await eventually(() => firsts(receiver).length >= OLD_MESSAGES + 2, patient);
    const due = Array.from({ length: OLD_MESSAGES + 2 }, (_, i) => log.length - OLD_MESSAGES - 1 + i);
    expect(firsts(receiver)).toEqual(due);
    expect(repeats(receiver)).toBeLessThanOrEqual(1);
  }, 60_000);

  it('delivers to the limited endpoint what is left, in order, and never faster than that', async () => {
    await eventually(() => firsts(limited).length >= LIMITED_MESSAGES, patient);
    const sequences = firsts(limited);
    expect(sequences).toEqual(sequences.map((_, i) => sequences[0]! + i));
    expect(repeats(limited)).toBeLessThanOrEqual(1);
    const times = limited.received.map(({ at }) => at);
    const inWindow = times.map((from) => times.filter((at) => at >= from && at < from + WINDOW_MS).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(MAX_IN_WINDOW);
  }, 60_000);

  it("reports no change that Gmail had made for it, and all that are the owner's", async () => {
    // What was not found when all of history was read after the time for an answer had run out was never made.
    const open = () =>
      cluster.database.dataSource.query<unknown[]>(
        'SELECT FROM own_changes JOIN mailbox_cursors USING (mailbox_id) WHERE answered_by >= last_sync_at',
      );
    await eventually(async () => (await open()).length === 0, patient);
    const changes = async ({ mailbox }: { mailbox: Mailbox }) =>
      messageEvents(await logOf(mailbox)).flatMap(({ type, data }) =>
        'changedLabelIds' in data ? [[type, ...data.changedLabelIds]] : [],
      );
    expect(await Promise.all([unasked!, done!].map(changes))).toEqual([[], []]);
    const [starred, unstarred] = ['added', 'removed'].map((how) => [`message.labels_${how}`, 'STARRED']);
    const { google } = cluster;
    google.modify(done!.address, done!.messageId, { removeLabelIds: ['STARRED'] });
    for (const { address, messageId } of [unasked!, done!])
      expect(google.modify(address, messageId, { addLabelIds: ['STARRED'] })).not.toBeNull();
    await eventually(async () => (await changes(unasked!)).length + (await changes(done!)).length >= 3);
    expect(await changes(unasked!)).toEqual([starred]);
    expect(await changes(done!)).toEqual([unstarred, starred]);
  }, 60_000);
});
