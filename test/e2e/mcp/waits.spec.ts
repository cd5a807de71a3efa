import { EventReaderService } from '../../../src/event/log/event-reader.service';
import { CatchUpService } from '../../../src/event/stream/catch-up.service';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { Agent, postMcp } from '../../support/mcp/agent';
import { waitersOf } from '../../support/mcp/waiters';
import { API_KEY, insertMailbox, TestReplica } from '../../support/test-replica';

describe('many who call next_event', () => {
  let database: TestDatabase;
  let app: TestReplica;
  let agent: Agent;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = await TestReplica.start(database.url);
    agent = await Agent.connect(app.address, API_KEY);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await agent?.close();
    await app?.stop();
    await database?.drop();
  });

  const waiters = () => waitersOf(app);

  it('get the same event, without a query for each', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    const reads = jest.spyOn(EventReaderService.prototype, 'get');
    const catchUps = jest.spyOn(CatchUpService.prototype, 'page');
    const waiting = Array.from({ length: 50 }, () =>
      agent.call('next_event', { types: ['message.added'], waitSeconds: 30 }),
    );
    await eventually(() => waiters() === 50);
    await app.append(mailbox, 1, 'message.added');
    const events = (await Promise.all(waiting)).map(({ result }) => result.event!);
    expect([reads.mock.calls.length, catchUps.mock.calls.length]).toEqual([0, 0]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(events[0]).toEqual((await app.api('GET', `/v1/events/${events[0]!.id}`)).body);
  });

  it('are refused beyond 500 with one key, and the reason is named', async () => {
    const { body } = await app.api('POST', '/v1/api-keys', { name: 'busy', scopes: ['read'] });
    const headers = { authorization: `Bearer ${(body as { key: string }).key}` };
    const params = { name: 'next_event', arguments: { types: ['watch.failed'], waitSeconds: 60 } };
    const wait = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params });
    const batch = Array.from({ length: 20 }, (_, id) => wait(id));
    const answers = await Promise.all(Array.from({ length: 25 }, () => postMcp(app.address, batch, headers)));
    await eventually(() => waiters() === 500);
    const refused = await (await postMcp(app.address, wait(1), headers)).text();
    expect(refused).toContain('500 calls wait for an event with this key already');
    expect(refused).toContain('"code":"unavailable"');
    // Others wait nevertheless.
    expect((await agent.call('next_event', { waitSeconds: 0 })).isError).toBe(false);
    await Promise.all(answers.map((answer) => answer.body!.cancel()));
    await eventually(() => waiters() === 0);
  });
});
