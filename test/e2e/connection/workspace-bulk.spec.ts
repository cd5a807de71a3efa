import { ownersOf } from '../../support/connection/owners';
import { eventually } from '../../support/eventually';
import { createTestApp } from '../../support/test-app';
import { createWorkspaceApp, READONLY, type WorkspaceApp } from '../../support/workspace/workspace-app';

describe('mailboxes of a Google Workspace', () => {
  let app: WorkspaceApp;
  beforeAll(async () => void (app = await createWorkspaceApp()));
  afterAll(() => app.close());
  const { newAddress, view, list, eventsOf, added, arrives } = ownersOf(() => app);

  const newUser = () => {
    const emailAddress = newAddress();
    app.google.addAccount(emailAddress);
    return emailAddress;
  };
  const create = (emailAddress: string, more: object = {}) =>
    app.api.post('/v1/mailboxes', { emailAddress, ...more }, 201);
  const again = (emailAddress: string, more: object) =>
    app.api.post('/v1/mailboxes', { emailAddress, ...more });

  it('report what arrived since `backfillSince`, made anew or active already, one by one and in bulk', async () => {
    const HOUR_MS = 3_600_000;
    const since = (hours: number) => ({
      backfillSince: new Date(Date.now() - hours * HOUR_MS).toISOString(),
    });
    const withOldMail = () => {
      const emailAddress = newUser();
      const at = (hours: number) =>
        app.google.deliver(emailAddress, { internalDate: Date.now() - hours * HOUR_MS }).id;
      return { emailAddress, older: at(30), old: at(10) };
    };
    const found = (id: string, count: number) =>
      eventually(async () => (await eventsOf(id, 'mailbox.backfilled')).length === count).then(() =>
        added(id),
      );
    const [one, other] = [withOldMail(), withOldMail()];
    const { id } = await create(one.emailAddress, since(20));
    expect(await found(id, 1)).toEqual([one.old]);
    expect(await again(one.emailAddress, since(40))).toMatchObject({ id });
    expect(await found(id, 2)).toEqual([one.old, one.older]);
    const bad = { emailAddress: newUser(), backfillSince: 'yesterday' };
    const invalid = {
      code: 'validation_failed',
      errors: [expect.objectContaining({ path: 'backfillSince' })],
    };
    expect(await app.api.post('/v1/mailboxes', bad, 400)).toMatchObject(invalid);
    const mailboxes = [{ emailAddress: other.emailAddress, ...since(40) }, bad];
    const { data } = await app.api.post('/v1/mailboxes/bulk', { mailboxes });
    expect(data).toMatchObject([{ status: 201 }, { status: 400, error: invalid }]);
    expect(await found(data[0]!.mailbox!.id, 1)).toEqual([other.older, other.old]);
    expect(await list(bad.emailAddress)).toEqual([]);
  });

  it('are not connected while they are being erased, and anew afterwards', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    await arrives(id, app.google.deliver(emailAddress));
    app.google.failNext({ method: 'gmail.users.stop', account: emailAddress, status: 503, times: 1_000 });
    await app.api.delete(`/v1/mailboxes/${id}?erase=true`, 202);
    expect(await app.api.post('/v1/mailboxes', { emailAddress }, 409)).toMatchObject({
      code: 'mailbox_erased',
    });
    app.google.faults.clear();
    await eventually(async () => (await view(id)).status === 'erased', { timeout: 30_000 });
    const anew = await create(emailAddress);
    expect(anew.id).not.toBe(id);
    await arrives(anew.id, app.google.deliver(emailAddress));
    expect((await eventsOf(anew.id, 'mailbox.connected')).map(({ sequence }) => sequence)).toEqual([1]);
  });

  describe('in bulk', () => {
    const bulk = (mailboxes: unknown[]) => app.api.post('/v1/mailboxes/bulk', { mailboxes });

    it('are connected in the order of the request, and a bad item keeps no other from it', async () => {
      const [known, first, second] = [newUser(), newUser(), newUser()];
      const { id } = await create(known);
      const unknown = newAddress();
      const { data } = await bulk([
        { emailAddress: first, externalId: 'x' },
        { emailAddress: unknown },
        { emailAddress: 'nothing' },
        'no object',
        null,
        { emailAddress: known },
        { emailAddress: second, colour: 'red' },
        { emailAddress: second, labelIds: ['SENT'] },
        { emailAddress: second },
      ]);
      expect(data.map(({ emailAddress, status }) => [emailAddress, status])).toEqual([
        [first, 201],
        [unknown, 502],
        ['nothing', 400],
        [null, 400],
        [null, 400],
        [known, 200],
        [second, 400],
        [second, 201],
        [second, 200],
      ]);
      expect(data[0]!.mailbox).toMatchObject({ emailAddress: first, externalId: 'x', grant: 'delegated' });
      expect(data[1]!.error).toMatchObject({ code: 'user_not_found' });
      expect(data[2]!.error).toMatchObject({
        code: 'validation_failed',
        errors: [{ path: 'emailAddress', message: expect.any(String) }],
      });
      const detail = 'must be an object such as {"emailAddress": "…"}';
      expect(data[3]!.error).toMatchObject({ detail, errors: [{ path: '', message: detail }] });
      expect(data[5]!.mailbox).toMatchObject({ id });
      expect(data[7]!.mailbox!.watch).toMatchObject({ labelIds: ['SENT'], status: 'active' });
      await arrives(data[0]!.mailbox!.id, app.google.deliver(first));
    });

    it('may be 500 and not more', async () => {
      const bad = (count: number) => Array.from({ length: count }, () => ({ emailAddress: 'nothing' }));
      expect((await bulk(bad(500))).data).toHaveLength(500);
      await app.api.post('/v1/mailboxes/bulk', { mailboxes: bad(501) }, 400);
      await app.api.post('/v1/mailboxes/bulk', {}, 400);
    });
  });

  it('are read with the scopes of GMAIL_SCOPES, all of which the administrator has to enter', async () => {
    const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';
    const other = await createWorkspaceApp({ GMAIL_SCOPES: `${READONLY} ${MODIFY}` });
    try {
      const [emailAddress, unknown] = ['ann@example.com', 'nobody@example.com'];
      other.google.addAccount(emailAddress);
      const { code, detail } = await other.api.post('/v1/mailboxes', { emailAddress }, 502);
      expect(code).toBe('delegation_denied');
      for (const text of [other.key.client_id, READONLY, MODIFY]) expect(detail).toContain(text);
      other.google.authorizeDelegation(other.key.client_id, [READONLY, MODIFY]);
      const { scopes } = await other.api.post('/v1/mailboxes', { emailAddress }, 201);
      expect(scopes.sort()).toEqual([MODIFY, READONLY]);
      // The token is for the address that was named, and for no other.
      expect(await other.api.post('/v1/mailboxes', { emailAddress: unknown }, 502)).toMatchObject({
        code: 'user_not_found',
      });
    } finally {
      await other.close();
    }
  });

  it('cannot be connected without the setting, and those that are there show it', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    const other = await createTestApp();
    try {
      const body = { emailAddress: 'ann@example.com' };
      const answers = [
        await other.api.post('/v1/mailboxes', body, 409),
        await other.api.post('/v1/mailboxes/bulk', { mailboxes: [body] }, 409),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ code: 'delegation_not_configured' });
    } finally {
      await other.close();
    }
    expect(await view(id)).toMatchObject({ status: 'active' });
  });
});
