import { Webhook } from 'standardwebhooks';
import { newId } from '../../../src/common/id';
import type { Received } from '../../fakes/receiver/receiver';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import { startDeliveryTest } from '../../support/delivery/delivery-test';

describe('endpoints', () => {
  const test = startDeliveryTest();
  let { database, replica, receiver, mailbox } = test;
  beforeEach(() => void ({ database, replica, receiver, mailbox } = test));

  const post = <const Action extends 'rotate-secret' | 'test'>(id: string, action: Action) =>
    replica.api('POST', `/v1/endpoints/${id}/${action}`);

  describe('rotating their secret', () => {
    /** Delivers an event, and returns which of the secrets it verifies with, and how many signatures it has. */
    async function verifies(secrets: string[]): Promise<[boolean[], number]> {
      receiver.received.length = 0;
      await replica.append(mailbox);
      await eventually(() => receiver.received.length);
      const { body, headers } = receiver.received[0]!;
      const good = secrets.map((secret) => {
        try {
          return Boolean(new Webhook(secret).verify(body, headers));
        } catch {
          return false;
        }
      });
      return [good, headers['webhook-signature']!.split(' ').length];
    }
    const passTime = (hours: number) =>
      database.dataSource.query(
        `UPDATE endpoint_secrets SET expires_at = expires_at - $1 * interval '1 hour'`,
        [hours],
      );

    it('sign with the new one and for 24 hours with the old one, and with every one that is left', async () => {
      const { id, secret: first } = await replica.endpoint(receiver.origin);
      const { status, body } = await post(id, 'rotate-secret');
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, status: 'enabled', secret: expect.stringMatching(/^whsec_/) });
      const second: string = body.secret;
      expect(await verifies([first, second])).toEqual([[true, true], 2]);

      await passTime(23);
      const third: string = (await post(id, 'rotate-secret')).body.secret;
      expect(await verifies([first, second, third])).toEqual([[true, true, true], 3]);
      await passTime(1.1);
      expect(await verifies([first, second, third])).toEqual([[false, true, true], 2]);
      await passTime(23);
      expect(await verifies([first, second, third])).toEqual([[false, false, true], 1]);
    });

    it('are five at most: another one is refused until the oldest ends, unless it is forced', async () => {
      const { id, secret } = await replica.endpoint(receiver.origin);
      const secrets = [secret];
      for (let n = 0; n < 4; n++) secrets.push((await post(id, 'rotate-secret')).body.secret);
      const [{ until }] = await database.dataSource.query<[{ until: Date }]>(
        'SELECT min(expires_at) AS until FROM endpoint_secrets WHERE endpoint_id = $1',
        [id],
      );
      const { status, body } = await post(id, 'rotate-secret');
      expect([status, body.code]).toEqual([409, 'too_many_secrets']);
      expect(body.detail).toContain(until.toISOString());
      expect(await verifies(secrets)).toEqual([[true, true, true, true, true], 5]);
      const forced = await replica.api('POST', `/v1/endpoints/${id}/rotate-secret`, { force: true });
      expect(forced.status).toBe(200);
      secrets.push(forced.body.secret);
      expect(await verifies(secrets)).toEqual([[false, true, true, true, true, true], 5]);
      await passTime(24);
      expect((await post(id, 'rotate-secret')).status).toBe(200);
    });

    it.each([
      ['refused', false, { 200: 4, 409: 356 }],
      ['forced', true, { 200: 360 }],
    ])('sign with five at most, also after 360 rotations in a day: %s', async (_how, force, expected) => {
      const { id, secret } = await replica.endpoint(receiver.origin);
      let newest = secret;
      const counts: Record<number, number> = {};
      for (let n = 0; n < 360; n++) {
        const { status, body } = await replica.api('POST', `/v1/endpoints/${id}/rotate-secret`, { force });
        counts[status] = (counts[status] ?? 0) + 1;
        if (status === 200) newest = body.secret;
      }
      expect(counts).toEqual(expected);
      expect(await verifies([newest])).toEqual([[true], 5]);
    });

    it.each([
      ['nothing at all', {}],
      ['nothing, said to be JSON', { 'content-type': 'application/json' }],
      ['nothing, as curl -d sends it', { 'content-type': 'application/x-www-form-urlencoded' }],
    ])('need no body: %s', async (_what, headers) => {
      const { id } = await replica.endpoint(receiver.origin);
      for (const action of ['rotate-secret', 'recover']) {
        const { status } = await call(replica.address, 'POST', `/v1/endpoints/${id}/${action}`, { headers });
        expect(status).toBe(action === 'recover' ? 202 : 200);
      }
    });

    it('keep every secret of rotations at the same moment', async () => {
      const { id, secret } = await replica.endpoint(receiver.origin);
      const rotated = await Promise.all([1, 2, 3].map(() => post(id, 'rotate-secret')));
      const secrets = [secret, ...rotated.map(({ body }) => body.secret)];
      expect(await verifies(secrets)).toEqual([[true, true, true, true], 4]);
      const [{ count }] = await database.dataSource.query<[{ count: number }]>(
        'SELECT count(*)::int FROM endpoint_secrets WHERE endpoint_id = $1 AND expires_at IS NULL',
        [id],
      );
      expect(count).toBe(1);
    });
  });

  describe('being tested', () => {
    it('are sent a signed event that is in no log', async () => {
      const { id, secret } = await replica.endpoint(receiver.origin);
      const { status, body } = await post(id, 'test');
      expect({ status, body }).toEqual({
        status: 200,
        body: { status: 204, latencyMs: expect.any(Number), error: null },
      });
      const [{ body: text, headers, event }] = receiver.received as [Received];
      expect(new Webhook(secret).verify(text, headers)).toEqual({
        id: headers['webhook-id'],
        type: 'endpoint.test',
        sequence: null,
        occurredAt: expect.stringMatching(/Z$/),
        origin: 'live',
        mailbox: null,
        data: {},
      });
      expect((await replica.api('GET', `/v1/events/${event.id}`)).status).toBe(404);
      expect((await replica.api('GET', `/v1/deliveries?endpointId=${id}`)).body.data).toEqual([]);
    });

    it('report what went wrong, without consequences', async () => {
      const { id } = await replica.endpoint(receiver.origin);
      receiver.answer = () => 410;
      expect((await post(id, 'test')).body).toMatchObject({
        status: 410,
        error: 'the receiver answered 410',
      });
      expect((await replica.api('GET', `/v1/endpoints/${id}`)).body.status).toBe('enabled');
      const away = await replica.endpoint('http://127.0.0.1:1/');
      expect((await post(away.id, 'test')).body).toEqual({
        status: null,
        latencyMs: expect.any(Number),
        error: expect.stringContaining('ECONNREFUSED'),
      });
    });

    it('need not be enabled', async () => {
      const { id } = await replica.endpoint(receiver.origin);
      await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
      expect((await post(id, 'test')).body).toMatchObject({ status: 204 });
    });
  });

  it.each(['rotate-secret', 'test'] as const)('that are not there cannot be asked for %s', async (action) => {
    expect((await post(newId('end'), action)).status).toBe(404);
  });
});
