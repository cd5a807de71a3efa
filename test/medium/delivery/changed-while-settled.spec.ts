import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';

const MAILBOXES = 60;
const ROUNDS = 12;

describe('an endpoint whose mailboxes change while outcomes are written', () => {
  const test = startDeliveryTest();

  it('gets nothing again of the mailboxes that it goes on to include', async () => {
    const { replica, receiver, database, mailbox: other } = test;
    const mailboxes = await Promise.all(
      Array.from({ length: MAILBOXES }, () => insertMailbox(database.dataSource)),
    );
    const ids = mailboxes.map(({ id }) => id);
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: ids });
    for (let round = 1; round <= ROUNDS; round++) {
      let isOver = false;
      const changes = (async () => {
        for (let n = 0; !isOver; n++)
          await replica.api('PATCH', `/v1/endpoints/${id}`, {
            mailboxIds: n % 2 === 0 ? [...ids, other.id] : ids,
          });
      })();
      await Promise.all(mailboxes.map((one) => replica.append(one)));
      await eventually(
        () => new Set(receiver.received.map(({ event }) => event.id)).size === round * MAILBOXES,
      );
      isOver = true;
      await changes;
    }
    await eventually(() =>
      database.dataSource
        .query<unknown[]>(
          'SELECT FROM delivery_cursors WHERE endpoint_id = $1 AND high_watermark > sequence',
          [id],
        )
        .then(({ length }) => length === 0),
    );
    expect(receiver.received.length).toBe(ROUNDS * MAILBOXES);
  });
});
