import { GrantService } from '../../../src/auth/grant.service';
import { MailboxService } from '../../../src/mailbox/mailbox.service';
import { eventually } from '../../support/eventually';
import { startReplicaTest } from '../../support/replica-test';
import { insertMailbox } from '../../support/test-replica';

describe('a claim whose first look into the database fails', () => {
  const test = startReplicaTest();
  let { database, replica } = test;
  beforeAll(() => void ({ database, replica } = test));

  const error = new Error('Connection terminated unexpectedly');
  /** From now on mailboxes cannot be read. @returns how often somebody has tried with this one */
  function failMailboxes(mailboxId: string): () => number {
    const get = jest.spyOn(replica.application.get(MailboxService, { strict: false }), 'get');
    get.mockRejectedValue(error);
    return () => get.mock.calls.filter(([id]) => id === mailboxId).length;
  }
  /** The same of grants. */
  function failGrants(mailboxId: string): () => number {
    const token = jest.spyOn(replica.application.get(GrantService, { strict: false }), 'accessToken');
    token.mockRejectedValue(error);
    return () => token.mock.calls.filter(([id]) => id === mailboxId).length;
  }

  it('is returned by a sync, without a failure of the mailbox', async () => {
    const { id } = await insertMailbox(database.dataSource);
    const tries = failGrants(id);
    await database.dataSource.query(
      'INSERT INTO mailbox_cursors (mailbox_id, history_id, next_sync_at) VALUES ($1, 1, now())',
      [id],
    );
    // Else it would be tried again only when the claim has run out.
    await eventually(() => tries() >= 2, { timeout: 8_000 });
    const [cursor] = await database.dataSource.query(
      'SELECT failures, last_error FROM mailbox_cursors WHERE mailbox_id = $1',
      [id],
    );
    expect(cursor).toEqual({ failures: 0, last_error: null });
  });

  it('is returned by the building of a snapshot', async () => {
    const { id } = await insertMailbox(database.dataSource);
    const tries = failMailboxes(id);
    await database.dataSource.query('INSERT INTO mailbox_cursors (mailbox_id, history_id) VALUES ($1, 1)', [
      id,
    ]);
    await database.dataSource.query(
      'INSERT INTO mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior, build_at) VALUES ($1, $2, $3, now())',
      [id, [], 'include'],
    );
    await eventually(() => tries() >= 2, { timeout: 8_000 });
  });
});
