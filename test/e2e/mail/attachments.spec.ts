import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { TestCluster } from '../../support/program/test-cluster';
import { MailReader } from '../../support/mail/mail-reader';
import { mailWithAttachment } from '../../support/mail/mail-with-attachment';
import { residentMemory } from '../../support/program/resident-memory';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const GET = 'gmail.users.messages.attachments.get';
const MB = 1024 * 1024;

/** Where the only attachment of a message is read. */
async function pathOf(reader: MailReader, messageId: string): Promise<string> {
  const { attachments } = (await reader.read(`/messages/${messageId}?format=metadata`)).body;
  return `/messages/${messageId}/attachments/${attachments[0]!.id}`;
}

describe('reading an attachment', () => {
  let app: TestApp;
  let reader: MailReader;
  beforeAll(async () => {
    app = await createTestApp({ MESSAGE_PAYLOAD: 'ids' });
    const mailbox = await app.connect(ADA);
    reader = new MailReader(app.service.address, mailbox.id);
  });
  afterAll(() => app?.close());

  const deliver = (bytes: Buffer) => app.google.deliver(ADA, { raw: mailWithAttachment(bytes) }).id;

  it.each([1, 2, 3, 65_535, 1_000_000])(
    'gives %i bytes as they were sent, to be saved and never shown',
    async (size) => {
      const bytes = randomBytes(size);
      const path = await pathOf(reader, deliver(bytes));
      const { status, headers, body } = await reader.readBytes(path);
      expect([status, body.equals(bytes)]).toEqual([200, true]);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toBe('attachment');
      const named = await reader.read(
        `${path}?${new URLSearchParams({ name: 'a"\r\nb: c/ä.html', type: 'text/html' }).toString()}`,
      );
      expect(Object.fromEntries(named.headers)).toMatchObject({
        'content-type': 'text/html',
        'content-disposition': `attachment; filename="a_b: c__.html"; filename*=UTF-8''a%22b%3A%20c_%C3%A4.html`,
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
      expect(named.headers.get('b')).toBeNull();
    },
  );

  it('is found by the id that any read of the message gave, and by none of another message', async () => {
    const [one, other] = [deliver(randomBytes(9)), deliver(randomBytes(9))];
    const paths = [await pathOf(reader, one), await pathOf(reader, one)];
    expect(paths[0]).not.toBe(paths[1]);
    for (const path of paths) expect((await reader.read(path)).status).toBe(200);
    app.google.requests.clear();
    expect((await reader.read(paths[0]!.replace(one, other))).body).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect(app.google.requests.count({ method: GET })).toBe(1);
    for (const id of ['..%2F..', 'a%2Fb', 'x'.repeat(2_001), 'a.b'])
      expect((await reader.read(`/messages/${one}/attachments/${id}`)).body.code).toBe('not_found');
    expect((await reader.read(`${paths[0]}?nme=x`)).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
    expect(app.google.requests.count({ method: GET })).toBe(1);
  });

  it('is given up at Google when the client hangs up in the middle of it', async () => {
    const path = await pathOf(reader, deliver(randomBytes(30 * MB)));
    const { givenUp } = app.google;
    const answer = await reader.open(path);
    await once(answer, 'readable');
    answer.destroy();
    await eventually(() => app.google.givenUp === givenUp + 1);
    expect(app.logs.filter((line) => line.includes('broke off'))).toEqual([]);
  });

  it('that breaks off at Google breaks off here: no client treats a part of it as the whole', async () => {
    const path = await pathOf(reader, deliver(randomBytes(9)));
    const data = randomBytes(MB).toString('base64url');
    app.google.failNext({ method: GET, status: 200, body: { size: MB, data: `${data} and no more` } });
    await expect(reader.read(path)).rejects.toThrow('terminated');
    expect(app.logs.filter((line) => line.includes('broke off'))).toHaveLength(1);
    expect((await reader.read(path)).status).toBe(200);
  });
});

describe('the built program', () => {
  it('streams an attachment of 30 MB without ever holding it, however slowly it is read', async () => {
    // So that what is measured is what is held, and not what is left lying for the garbage collector.
    const NODE_OPTIONS = '--max-semi-space-size=1';
    const cluster = await TestCluster.create({ MESSAGE_PAYLOAD: 'ids', NODE_OPTIONS });
    try {
      const replica = await cluster.start();
      const { program } = replica;
      const mailbox = await cluster.connect(ADA, replica);
      const reader = new MailReader(replica.origin, mailbox.id);
      const deliver = (bytes: Buffer) =>
        pathOf(reader, cluster.google.deliver(ADA, { raw: mailWithAttachment(bytes) }).id);
      const small = await deliver(randomBytes(MB));
      for (let n = 0; n < 8; n++) await reader.read(small);
      const bytes = randomBytes(30 * MB);
      const path = await deliver(bytes);

      const before = await residentMemory(program.pid);
      let peak = before;
      const measure = async () => (peak = Math.max(peak, await residentMemory(program.pid)));
      const answer = await reader.open(path);
      // Whoever reads ahead has a second to show it.
      for (let n = 0; n < 20; n++) await Promise.all([measure(), delay(50)]);
      const hash = createHash('sha256');
      let size = 0;
      for await (const piece of answer) {
        hash.update(piece as Buffer);
        size += (piece as Buffer).length;
        await Promise.all([measure(), turn()]);
      }
      expect(size).toBe(bytes.length);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
      // Held whole it would be 30 MB at least, and 40 more as Gmail sends it; a busy machine collects garbage late.
      expect((peak - before) / MB).toBeLessThan(25);
    } finally {
      await cluster.close();
    }
  }, 90_000);
});
