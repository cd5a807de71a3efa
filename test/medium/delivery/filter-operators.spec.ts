import { EventLogService } from '../../../src/event/log/event-log.service';
import type { NewEvent } from '../../../src/event/event.types';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { eventually } from '../../support/eventually';

const ofMessage = (message: object) => ({ data: { message } });

/** Each with what matches the event below, and with what does not. */
const FILTERS: [string, object, object][] = [
  ['a value', { type: 'message.added' }, { type: 'message.deleted' }],
  ['an item of an array', { data: { labelIds: 'IMPORTANT' } }, { data: { labelIds: 'SPAM' } }],
  [
    'one item for all fields',
    ofMessage({ to: { name: 'Cy', address: 'cy@example.com' } }),
    ofMessage({ to: { name: 'Bob', address: 'cy@example.com' } }),
  ],
  ['null', { mailbox: { externalId: null } }, ofMessage({ subject: null })],
  ['$eq', ofMessage({ subject: { $eq: 'Offer' } }), ofMessage({ subject: { $eq: 'offer' } })],
  ['$neq', { data: { labelIds: { $neq: 'SPAM' } } }, { data: { labelIds: { $neq: 'INBOX' } } }],
  ['$gt', { sequence: { $gt: 0 } }, { sequence: { $gt: 1 } }],
  ['$gte', { sequence: { $gte: 1 } }, { sequence: { $gte: 2 } }],
  ['$lt', { sequence: { $lt: 2 } }, { sequence: { $lt: 1 } }],
  ['$lte', { sequence: { $lte: 1 } }, { sequence: { $lte: 0 } }],
  ['$in', { data: { labelIds: { $in: ['SPAM', 'INBOX'] } } }, { data: { labelIds: { $in: ['SPAM'] } } }],
  ['$nin', { data: { labelIds: { $nin: ['SPAM'] } } }, { data: { labelIds: { $nin: ['SPAM', 'INBOX'] } } }],
  ['$exist', ofMessage({ gone: { $exist: false } }), ofMessage({ subject: { $exist: false } })],
  [
    '$startsWith',
    ofMessage({ subject: { $startsWith: 'Of' } }),
    ofMessage({ subject: { $startsWith: 'f' } }),
  ],
  [
    '$endsWith',
    { data: { labelIds: 'IMPORTANT', message: { from: { address: { $endsWith: '@example.com' } } } } },
    { data: { labelIds: 'IMPORTANT', message: { from: { address: { $endsWith: '@example.org' } } } } },
  ],
  [
    '$and',
    { data: { $and: [{ labelIds: 'INBOX' }, { labelIds: 'IMPORTANT' }] } },
    { data: { $and: [{ labelIds: 'INBOX' }, { labelIds: 'SPAM' }] } },
  ],
  [
    '$or',
    ofMessage({ $or: [{ subject: 'x' }, { from: { name: 'Ada' } }] }),
    ofMessage({ $or: [{ subject: 'x' }, { from: { name: 'Bob' } }] }),
  ],
  ['$not', { $not: { type: 'message.deleted' } }, { data: { labelIds: { $not: { $eq: 'INBOX' } } } }],
];

describe('the filter of an endpoint', () => {
  const test = startDeliveryTest();

  it('lets what matches pass to the receiver, and passes over what does not: every operator', async () => {
    const { replica, receiver, mailbox } = test;
    for (const [name, matching, other] of FILTERS) {
      await replica.endpoint(`${receiver.origin}/${name}`, { filter: matching });
      await replica.endpoint(`${receiver.origin}/not/${name}`, { filter: other });
    }
    await replica.endpoint(`${receiver.origin}/last`, { eventTypes: ['watch.expired'] });
    const event = {
      type: 'message.added',
      data: {
        labelIds: ['INBOX', 'IMPORTANT'],
        message: {
          subject: 'Offer',
          from: { name: 'Ada', address: 'ada@example.com' },
          to: [
            { name: 'Bob', address: 'bob@example.org' },
            { name: 'Cy', address: 'cy@example.com' },
          ],
        },
      },
    };
    await replica.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, (transaction) => transaction.append([event as unknown as NewEvent]));
    const paths = () => receiver.received.map(({ path }) => decodeURIComponent(path)).sort();
    await eventually(() => paths().length >= FILTERS.length);
    // What is passed over is nobody's delivery: neither one that waits nor one that was made.
    const { body } = await replica.api('GET', `/v1/deliveries?mailboxId=${mailbox.id}&limit=500`);
    expect(body.data).toHaveLength(FILTERS.length);
    expect(paths()).toEqual(FILTERS.map(([name]) => `/${name}`).sort());
  });

  const levels = (count: number): object => (count === 1 ? { a: 1 } : { a: levels(count - 1) });
  /** However many values it names, a leaf is one. */
  const LEAVES = [{ $in: Array.from({ length: 9 }, (_, n) => n) }, { $not: { $eq: 1 } }, 7];
  const conditions = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, LEAVES[n % LEAVES.length]]));
  const bytes = (count: number) => ({ a: 'x'.repeat(count - '{"a":""}'.length) });

  it.each([
    ['levels', levels, 8],
    ['conditions', conditions, 50],
    ['bytes', bytes, 4_096],
  ])('may have so many %s, and not one more', async (_what, make, most) => {
    const ask = (filter: object) =>
      test.replica.api('POST', '/v1/endpoints', { url: test.receiver.origin, filter });
    expect(await ask(make(most))).toMatchObject({ status: 201, body: { filter: make(most) } });
    expect(await ask(make(most + 1))).toMatchObject({
      ...{ status: 400, body: { errors: [{ path: expect.stringMatching(/^filter/) }] } },
    });
  });

  it.each(['$eq', '$neq', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exist', '$startsWith', '$endsWith'])(
    'refuses %s with a value of the wrong kind, with the path',
    async (operator) => {
      const wrong = ['$in', '$nin'].includes(operator) ? 'x' : [{}];
      const filter = { data: { labelIds: { [operator]: wrong } } };
      const { id } = await test.replica.endpoint(test.receiver.origin);
      const refused = { status: 400, body: { errors: [{ path: `filter.data.labelIds.${operator}` }] } };
      const body = { url: test.receiver.origin, filter };
      expect(await test.replica.api('POST', '/v1/endpoints', body)).toMatchObject(refused);
      expect(await test.replica.api('PATCH', `/v1/endpoints/${id}`, { filter })).toMatchObject(refused);
    },
  );
});
