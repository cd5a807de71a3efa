import { eventually } from '../support/eventually';
import { TestCluster } from '../support/program/test-cluster';
import { KNOWS_PEAKS, peakMemory, residentMemory, resetPeak } from '../support/program/resident-memory';

const ADA = 'ada@example.com';
const MB = 1024 * 1024;

describe('mails with very large texts', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    // The texts alone would not fit, and little is left lying for the garbage collector: what is measured is what is held.
    const NODE_OPTIONS = '--max-old-space-size=192 --max-semi-space-size=1';
    cluster = await TestCluster.create({ MESSAGE_PAYLOAD: 'full', NODE_OPTIONS });
  });
  afterAll(() => cluster?.close());

  (KNOWS_PEAKS ? it : it.skip)(
    'are read, fifty at once, in little memory',
    async () => {
      const { google } = cluster;
      google.topics.subscriptions[0]!.chaos = { drop: 1 };
      const replica = await cluster.start();
      const mailbox = await cluster.connect(ADA, replica);
      const text = 'the same line again and again\r\n'.repeat(MB / 31);
      const deliver = (_: unknown, n: number) => {
        const raw = `Subject: ${n}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
        return google.deliver(ADA, { raw: Buffer.from(raw) }).id;
      };
      const ids = Array.from({ length: 50 }, deliver);

      const { pid } = replica.program;
      const before = await residentMemory(pid);
      resetPeak(pid);
      await replica.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
      const end = google.historyId(ADA);
      await eventually(async () => (await replica.api.get(`/v1/mailboxes/${mailbox.id}`)).sync, {
        until: ({ historyId }) => historyId === end,
        timeout: 90_000,
      });
      const grown = (peakMemory(pid) - before) / MB;

      const events = await replica.api.events({ types: 'message.added' });
      expect(events.map(({ data }) => data.messageId)).toEqual(ids);
      expect(events[0]!.data.message).toMatchObject({ subject: '0', truncated: ['text'] });
      expect(grown).toBeLessThan(250);
      // What did not fit into an answer was asked for again, and not much more than that. On a busy machine a batch of these may take
      // longer than a call may, and all of it is asked for again: hence the tier that has the machine for itself.
      expect(google.requests.count({ method: 'gmail.users.messages.get' })).toBeLessThan(120);
    },
    120_000,
  );
});
