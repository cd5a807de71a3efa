import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('the renewal of a watch whose filter names a label that was deleted', () => {
  const address = 'ada@example.com';
  let mailbox: Mailbox;
  let deleted: string;
  let app: TestApp;
  afterEach(() => app?.close());

  const get = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const watches = () => app.google.requests.list({ method: 'gmail.users.watch', account: address });
  const atGoogle = () => app.google.mailbox(address).watch;
  const renew = () => app.database.dataSource.query('UPDATE watches SET renew_at = now()');

  async function setUp(labels: (id: string) => string[], labelFilterBehavior = 'include'): Promise<void> {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '50ms' });
    deleted = app.google.addAccount(address).labels.add('Projects').id;
    mailbox = await app.connect(address, { labelIds: labels(deleted), labelFilterBehavior });
    expect(mailbox.watch!.status).toBe('active');
    await quiet(app, mailbox);
    app.google.deleteLabel(address, deleted);
    await renew();
  }

  it('drops it, goes on with the rest, and says so until somebody sets a filter', async () => {
    await setUp((id) => ['INBOX', id]);
    const { watch } = await eventually(() => get(mailbox.id), {
      until: (seen) => seen.watch!.lastError !== null,
    });
    expect(watch).toMatchObject({ status: 'active', labelIds: ['INBOX'] });
    expect(watch!.lastError).toMatchObject({
      code: 'label_missing',
      message: expect.stringContaining(deleted),
    });
    expect(atGoogle()).toMatchObject({ labelIds: ['INBOX'] });
    const before = watches().length;
    // At connect, the one that was refused, and the one without the label.
    expect(before).toBe(3);
    await renew();
    await eventually(() => watches().length > before);
    app.google.deliver(address, { labelIds: ['SENT'] });
    const sent = app.google.deliver(address);
    expect(messageEvents(await logOf(app, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
    expect((await get(mailbox.id)).watch!.lastError).toMatchObject({ code: 'label_missing' });
    expect((await app.api.get('/health/ready')).status).toBe('ok');
    const put = await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] });
    expect(put.watch).toMatchObject({ status: 'active', lastError: null });
  });

  it.each(['include', 'exclude'])(
    'fails when none is left, instead of letting everything through: %s',
    async (behavior) => {
      await setUp((id) => [id], behavior);
      const events = await eventually(() => everyEventOf(app, mailbox.id), {
        until: (all) => all.some(({ type }) => type === 'watch.failed'),
      });
      const { expiresAt } = mailbox.watch!;
      expect(events.at(-1)).toMatchObject({ data: { expiresAt, error: { code: 'label_missing' } } });
      const { watch } = await get(mailbox.id);
      expect(watch).toMatchObject({
        ...{ status: 'active', labelIds: [deleted], expiresAt },
        lastError: { code: 'label_missing', message: expect.stringMatching(/PUT the watch/) },
      });
    },
  );
});
