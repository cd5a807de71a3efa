import { existsSync, readFileSync } from 'node:fs';
import { allOfType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { TestCluster } from '../../support/program/test-cluster';
import { messageEvents } from '../../support/event/mailbox-log';
import { uglyMails } from '../../support/mail/ugly-mail';

const ADA = 'ada@example.com';
const COUNT = 200;
/** What the program may have: megabytes of JavaScript objects, and megabytes in all at its worst moment. */
const HEAP = 200;
const PEAK = 700;

describe('malformed mail of every kind', () => {
  let cluster: TestCluster;
  afterEach(() => cluster?.close());

  it('becomes an event, one for each, in bounded memory', async () => {
    // Beyond its heap the program would end.
    cluster = await TestCluster.create({
      MESSAGE_PAYLOAD: 'full',
      NODE_OPTIONS: `--max-old-space-size=${HEAP}`,
    });
    const replica = await cluster.start();
    const mailbox = await cluster.connect(ADA, replica);
    const sent = [...uglyMails(COUNT)].map((raw) => cluster.google.deliver(ADA, { raw }));
    const end = BigInt(cluster.google.historyId(ADA));
    const sync = async () => (await replica.api.get(`/v1/mailboxes/${mailbox.id}`)).sync;
    await eventually(sync, { timeout: 60_000, until: ({ historyId }) => BigInt(historyId!) >= end });
    const log = messageEvents(await replica.api.events({ mailboxId: mailbox.id }));
    const events = allOfType(log, 'message.added');
    expect(events.map(({ data }) => data.messageId)).toEqual(sent.map(({ id }) => id));
    for (const { data } of events) expect(data.message).toMatchObject({ subject: expect.any(String) });
    expect(JSON.stringify(events)).not.toContain('\\u0000');
    const mostRecipients = Math.max(...events.map(({ data }) => data.message!.to.length));
    expect(mostRecipients).toBe(10_000);
    expect((await sync()).lastError).toBeNull();
    expect(replica.program.hasEnded).toBe(false);
    expect(peak(replica.program.pid) ?? 0).toBeLessThan(PEAK);
  }, 90_000);
});

/** The most memory that a process has had at any time, in megabytes; undefined where the system does not say. */
function peak(pid: number): number | undefined {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status) && /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1];
  return kilobytes ? Number(kilobytes) / 1024 : undefined;
}
