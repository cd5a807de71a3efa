import { Inboxwire } from 'inboxwire-client';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { FollowedLog } from '../../support/client/followed-log';
import { insertMailbox } from '../../support/test-replica';
import { take } from '../../support/client/take';

describe('following events with the client', () => {
  let log: FollowedLog;
  beforeAll(async () => void (log = await FollowedLog.start()));
  afterEach(() => log.leave());
  afterAll(() => log?.stop());

  it('gives what is appended after an event, from the beginning, or from now on', async () => {
    const [first, second] = await log.append(2);
    const coming = take(log.begin(), 1);
    await log.begun(1);
    const [third] = await log.append();
    expect(await coming).toEqual([third]);
    expect(await take(log.begin({ after: first!.id }), 2)).toEqual([second, third]);
    expect(await take(log.begin({ after: 'beginning' }), 3)).toEqual([first, second, third]);
  });

  it('filters, the first event of the log too', async () => {
    const bob = await insertMailbox(log.database.dataSource);
    const all = [
      ...(await log.append(1, bob, 'message.added')),
      ...(await log.append(1, log.ada, 'message.added')),
      ...(await log.append(1, bob, 'mailbox.gap')),
      ...(await log.append(1, bob, 'watch.failed')),
    ];
    const ofBob = { mailboxId: bob.id, types: ['message.added', 'watch.failed'] as const };
    expect(await take(log.begin({ after: 'beginning', ...ofBob }), 2)).toEqual([all[0], all[3]]);
    expect(await take(log.begin({ after: 'beginning', types: ['message.added'] }), 2)).toEqual([
      all[0],
      all[1],
    ]);
  });

  it('comes back when the stream says so, and more and more seldom when it does not', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
    const answers = [
      ...[503, 502, 500].map((status) => new Response('<html>', { status })),
      new Response('{}', { status: 429, headers: { 'retry-after': '1' } }),
    ];
    const coming = take(
      log.begin(
        {},
        log.client((request) => answers.shift() ?? fetch(request)),
      ),
      1,
    );
    await log.begun(1);
    random.mockRestore();
    expect(await log.append()).toEqual(await coming);
    expect(log.retries.map(({ error }) => (error as { code: string }).code)).toEqual([
      'http_503',
      'http_502',
      'http_500',
      'http_429',
    ]);
    expect(log.retries.map(({ delay }) => delay)).toEqual([100, 200, 400, 1_800]);
  });

  it('ends with the problem when going on would leave something out, or cannot succeed', async () => {
    const [oldest] = await log.list();
    await expect(take(log.begin({ after: 'evt_never' }), 1)).rejects.toMatchObject({
      name: 'InboxwireProblem',
      status: 410,
      code: 'cursor_expired',
      oldestEventId: oldest!.id,
    });
    await expect(take(log.begin({ after: 'nonsense' }), 1)).rejects.toMatchObject({
      code: 'validation_failed',
    });
    const unauthenticated = new Inboxwire({ baseUrl: log.replica.address, apiKey: 'nobody' });
    await expect(take(log.begin({}, unauthenticated), 1)).rejects.toMatchObject({
      code: 'unauthorized',
      status: 401,
    });
    const elsewhere = log.client(() => new Response('<html>', { headers: { 'content-type': 'text/html' } }));
    await expect(take(log.begin({}, elsewhere), 1)).rejects.toMatchObject({ code: 'http_200' });
    expect(log.retries).toEqual([]);
  });

  it('takes no more from the service than it is asked for', async () => {
    const events = await log.append(150, log.ada, 'message.deleted', 32 * 1024);
    const following = log.begin({ after: events[0]!.id });
    const taken = await take(following, 1);
    // Long enough for all of them to come, if anybody took them.
    await delay(300);
    expect(log.bytes).toBeLessThan(1024 * 1024);
    taken.push(...(await take(following, 148)));
    expect(taken).toEqual(events.slice(1));
    expect(log.streams).toBe(1);
  });

  it('closes its connection when the loop is left, and goes on there when it is entered again', async () => {
    const [first, ...rest] = await log.append(4);
    const events = log.follow({ after: first!.id });
    const seen: unknown[] = [];
    for await (const event of events) if (seen.push(event) === 2) break;
    expect(events.position).toBe(rest[1]!.id);
    await eventually(() => log.open === 0);
    for await (const event of events) if (seen.push(event)) break;
    expect(seen).toEqual(rest);
  });
});
