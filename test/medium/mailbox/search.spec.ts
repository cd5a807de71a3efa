import { MailboxSearchStore } from '../../../src/mailbox/mailbox-search.store';
import { startReplicaTest } from '../../support/replica-test';
import { insertMailbox } from '../../support/test-replica';

describe(MailboxSearchStore, () => {
  const test = startReplicaTest();

  it.each(['ÄRZTE', 'ärzte süd', 'Ä', 'Süd'])('finds %s, whose letters are not all ASCII', async (text) => {
    const { dataSource } = test.database;
    const { id } = await insertMailbox(dataSource);
    await dataSource.query(`UPDATE mailboxes SET external_id = 'ÄRZTE Süd' WHERE id = $1`, [id]);
    const search = test.replica.application.get(MailboxSearchStore, { strict: false });
    const found = await search.find({ text, limit: 5 });
    expect(found).toContainEqual(expect.objectContaining({ id, externalId: 'ÄRZTE Süd' }));
  });
});
