import { newId } from '../../../src/common/id';
import { eventually } from '../../support/eventually';
import { API_KEY, insertMailbox } from '../../support/test-replica';
import { startDeliveryTest } from '../../support/delivery/delivery-test';

const HOOK = 'https://app.example.com/hook';

describe('an id that nothing has', () => {
  const test = startDeliveryTest();
  let { database, replica, receiver, mailbox } = test;
  beforeEach(() => void ({ database, replica, receiver, mailbox } = test));

  const refusal = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
    const answer = await replica.api(method, path, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    return answer.body.errors as { path: string; message: string }[];
  };

  describe('among the mailboxIds of an endpoint', () => {
    const refused = async (mailboxIds: string[]) => {
      const errors = await refusal('POST', '/v1/endpoints', { url: HOOK, mailboxIds });
      const { id } = await replica.endpoint(HOOK, { mailboxIds: [mailbox.id] });
      expect(await refusal('PATCH', `/v1/endpoints/${id}`, { mailboxIds })).toEqual(errors);
      expect((await replica.api('GET', `/v1/endpoints/${id}`)).body.mailboxIds).toEqual([mailbox.id]);
      return errors;
    };

    it('is an address: the answer names the mailbox that was meant', async () => {
      for (const address of [mailbox.emailAddress, mailbox.emailAddress.toUpperCase()])
        expect(await refused([mailbox.id, address])).toEqual([
          {
            path: 'mailboxIds.1',
            message: `mailboxIds takes ids (mbx_…): ${address} is the address of the mailbox ${mailbox.id}`,
          },
        ]);
    });

    it('is the address in the other domain of Gmail', async () => {
      const { id } = mailbox;
      await database.dataSource.query('UPDATE mailboxes SET email_address = $2 WHERE id = $1', [
        id,
        `${id}@gmail.com`,
      ]);
      const [fault] = await refused([`${id}@googlemail.com`]);
      expect(fault!.message).toContain(`is the address of the mailbox ${id}`);
    });

    it('is your own name of a mailbox: the answer names it', async () => {
      const name = `customer-${mailbox.id}`;
      await database.dataSource.query('UPDATE mailboxes SET external_id = $2 WHERE id = $1', [
        mailbox.id,
        name,
      ]);
      expect(await refused([name])).toEqual([
        {
          path: 'mailboxIds.0',
          message: `mailboxIds takes ids (mbx_…): ${name} is the externalId of the mailbox ${mailbox.id}`,
        },
      ]);
    });

    it('is the id of something else, or of nothing: the answer says what ids look like', async () => {
      await insertMailbox(database.dataSource);
      await insertMailbox(database.dataSource);
      await insertMailbox(database.dataSource);
      const [endpoint, unknown] = [newId('end'), newId('mbx')];
      const errors = await refused([endpoint, mailbox.id, unknown, 'ada@demo.example', '']);
      expect(errors.map(({ path }) => path)).toEqual([
        'mailboxIds.0',
        'mailboxIds.2',
        'mailboxIds.3',
        'mailboxIds.4',
      ]);
      expect(errors[0]!.message).toContain(`${endpoint} is the id of an endpoint, not of a mailbox`);
      expect(errors[1]!.message).toContain(`there is no mailbox ${unknown}: ids look like mbx_`);
      for (const { message } of errors) expect(message).toContain('GET /v1/mailboxes lists those');
    });

    it('costs one statement for ten thousand of them', async () => {
      const ids = Array.from({ length: 10_000 }, () => newId('mbx'));
      const errors = await refusal('POST', '/v1/endpoints', { url: HOOK, mailboxIds: ids });
      expect(errors).toHaveLength(100);
    });

    it('is none of a mailbox that is disconnected', async () => {
      await database.dataSource.query("UPDATE mailboxes SET status = 'disconnected' WHERE id = $1", [
        mailbox.id,
      ]);
      expect((await replica.endpoint(HOOK, { mailboxIds: [mailbox.id] })).id).toMatch(/^end_/);
    });
  });

  it.each([
    ['/v1/deliveries', 'mailboxId', newId('mbx')],
    ['/v1/deliveries', 'mailboxId', 'ada@demo.example'],
    ['/v1/deliveries', 'endpointId', newId('end')],
    ['/v1/deliveries', 'endpointId', 'https://app.example.com/hook'],
    ['/v1/deliveries', 'eventId', newId('evt')],
    ['/v1/deliveries', 'eventId', 'something else'],
    ['/v1/deliveries', 'eventId', newId('dlv')],
    ['/v1/events', 'mailboxId', newId('mbx')],
    ['/v1/events', 'mailboxId', 'ada@demo.example'],
    ['/v1/events/stream', 'mailboxId', newId('mbx')],
    ['/v1/events/stream', 'mailboxId', newId('end')],
  ])('is refused as a filter, with what there is: %s?%s=%s', async (path, name, id) => {
    await replica.endpoint(HOOK);
    const errors = await refusal('GET', `${path}?${name}=${encodeURIComponent(id)}`);
    expect(errors).toEqual([{ path: name, message: expect.stringContaining(id) }]);
    expect(errors[0]!.message).toMatch(/ (mbx|end)_|GET \/v1\/events lists/);
  });

  it('is reported for each filter that has one', async () => {
    const errors = await refusal('GET', '/v1/deliveries?endpointId=end_x&mailboxId=mbx_x&eventId=evt_x');
    expect(errors.map(({ path }) => path)).toEqual(['endpointId', 'mailboxId', 'eventId']);
  });

  it('as a filter of the stream is refused to HEAD too', async () => {
    const { statusCode } = await replica.application.inject({
      method: 'HEAD',
      url: `/v1/events/stream?mailboxId=${newId('mbx')}`,
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    expect(statusCode).toBe(400);
  });

  it('as the mailboxId of a connect session is explained likewise', async () => {
    const errors = await refusal('POST', '/v1/connect-sessions', { mailboxId: mailbox.emailAddress });
    expect(errors).toEqual([
      { path: 'mailboxId', message: expect.stringContaining(`is the address of the mailbox ${mailbox.id}`) },
    ]);
    expect((await replica.api('POST', '/v1/connect-sessions', { mailboxId: null })).status).toBe(201);
  });

  it('is not that of something without deliveries or events: those lists are empty', async () => {
    const { id } = await replica.endpoint(HOOK, { eventTypes: ['watch.failed'] });
    expect(
      (await replica.api('GET', `/v1/deliveries?endpointId=${id}&mailboxId=${mailbox.id}`)).body,
    ).toEqual({
      data: [],
      nextCursor: null,
    });
    expect((await replica.api('GET', `/v1/events?mailboxId=${mailbox.id}`)).body.data).toEqual([]);
    await replica.append(mailbox);
    const [event] = (await replica.api('GET', `/v1/events?mailboxId=${mailbox.id}`)).body.data;
    expect((await replica.api('GET', `/v1/deliveries?eventId=${event!.id}`)).body.data).toEqual([]);
  });

  it('is not that of an event that has left the log, while a delivery of it is kept', async () => {
    await replica.endpoint(receiver.origin);
    await replica.append(mailbox);
    const ofMailbox = `/v1/deliveries?mailboxId=${mailbox.id}` as const;
    const { eventId } = await eventually(
      async () => (await replica.api('GET', `${ofMailbox}&status=delivered`)).body.data[0]!,
    );
    await database.dataSource.query('DELETE FROM events WHERE id = $1', [eventId]);
    const dead = () => replica.api('GET', `/v1/deliveries?eventId=${eventId}&status=dead`);
    expect(await dead()).toEqual({ status: 200, body: { data: [], nextCursor: null } });
    await database.dataSource.query('DELETE FROM deliveries WHERE event_id = $1', [eventId]);
    expect((await dead()).body.errors).toEqual([
      { path: 'eventId', message: expect.stringContaining('older than the retention, or never was') },
    ]);
  });
});
