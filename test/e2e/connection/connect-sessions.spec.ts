import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import crypto from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { Browser } from '../../../src/local-google/oauth/browser';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done?user=7';

/** The lines of the documentation, as a function. */
function documentedCheck(): (query: Record<string, string>, secret: string) => boolean {
  const docs = readFileSync(join(__dirname, '../../../docs/api.md'), 'utf8');
  const lines = /<!-- verify -->\s+```js\n([^`]*(?:`[^`]+`[^`]*)*?)```/.exec(docs)![1]!;
  return (query, secret) =>
    runInNewContext(`${lines}; isGenuine`, { query, secret, crypto, Buffer }) as boolean;
}

describe('a connect session', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());

  const newPerson = () => {
    const address = `session-${++people}@example.com`;
    app.google.addAccount(address);
    return address;
  };
  const newSession = (more: object = {}) =>
    app.api.post('/v1/connect-sessions', { redirectUrl: APP, ...more }, 201);
  const view = (id: string) => app.api.get(`/v1/connect-sessions/${id}`);
  const back = async (url: string, account: string, choice: object = {}, browser = new Browser()) => {
    const callback = await app.google.consent(url, { account, ...choice }, browser);
    const location = (await browser.visit(callback)).headers.get('location')!;
    return Object.fromEntries(new URL(location).searchParams) as Record<string, string>;
  };

  it('says that it is open, how a try failed, and by which mailbox it was used', async () => {
    const ada = newPerson();
    const { id, url, expiresAt } = await newSession({ externalId: 'user-7' });
    const fresh = {
      id,
      status: 'open',
      mailboxId: null,
      lastError: null,
      externalId: 'user-7',
      redirectUrl: APP,
      createdAt: expect.any(String),
      expiresAt,
      usedAt: null,
    };
    expect(await view(id)).toEqual(fresh);
    await back(url, ada, { approve: false });
    const at = expect.any(String);
    const denied = { code: 'access_denied', message: expect.stringContaining('Try again'), at };
    expect(await view(id)).toEqual({ ...fresh, lastError: denied });
    await back(url, ada, { grantedScopes: [] });
    const unticked = { code: 'insufficient_scope', message: expect.any(String), at };
    expect(await view(id)).toEqual({ ...fresh, lastError: unticked });
    const { mailboxId } = await back(url, ada);
    expect(mailboxId).toMatch(/^mbx_/);
    const used = { ...fresh, status: 'used', mailboxId, usedAt: at, lastError: unticked };
    expect(await view(id)).toEqual(used);
    await back(url, ada, { approve: false }).catch(() => undefined);
    expect(await view(id)).toEqual(used);
  });

  it('shows the remedy of what only the operator can mend', async () => {
    const { id, url } = await newSession();
    app.google.failNext({ method: 'oauth2.token', status: 401, reason: 'deleted_client' });
    await back(url, newPerson());
    expect((await view(id)).lastError).toMatchObject({
      code: 'oauth_client_deleted',
      message: expect.stringContaining('https://console.cloud.google.com/auth/clients'),
    });
  });

  it('says that it has expired, and is known for a day', async () => {
    const { id } = await newSession();
    const end = (ago: string) =>
      app.database.dataSource.query(
        `UPDATE connect_sessions SET expires_at = now() - $2::interval WHERE id = $1`,
        [id, ago],
      );
    await end('1 second');
    expect(await view(id)).toMatchObject({ status: 'expired', mailboxId: null, usedAt: null });
    await end('25 hours');
    await newSession();
    expect(await app.api.get(`/v1/connect-sessions/${id}`, 404)).toMatchObject({ code: 'not_found' });
    await app.api.get('/v1/connect-sessions/nonsense', 404);
  });

  it('is signed, and the lines of the documentation verify it', async () => {
    const isGenuine = documentedCheck();
    const [ada, eve] = [newPerson(), newPerson()];
    const [session, other] = [await newSession(), await newSession()];
    const { secret } = session;
    expect(secret).toMatch(/^cnssec_[\w-]{43}$/);
    const refused = await back(session.url, ada, { approve: false });
    expect(refused).toEqual({ user: '7', error: 'access_denied', signature: expect.any(String) });
    const connected = await back(session.url, ada);
    expect(Object.keys(connected)).toEqual(['user', 'mailboxId', 'signature']);
    const foreign = await back(other.url, eve);
    expect([refused, connected].map((query) => isGenuine(query, secret))).toEqual([true, true]);
    const forged = [
      { ...connected, mailboxId: foreign.mailboxId! },
      { ...connected, signature: refused.signature! },
      { ...refused, error: 'google_error' },
      foreign,
      { user: '7', mailboxId: connected.mailboxId! },
    ];
    expect(forged.map((query) => isGenuine(query, secret))).toEqual(forged.map(() => false));
    expect(isGenuine(foreign, other.secret)).toBe(true);
  });

  it('keeps its secret out of the database and the log', async () => {
    const { id, secret, url } = await newSession();
    await back(url, newPerson());
    const [{ row }] = await app.database.dataSource.query<[{ row: string }]>(
      'SELECT s::text AS row FROM connect_sessions s WHERE id = $1',
      [id],
    );
    expect(row).not.toContain(secret.slice(7));
    expect(JSON.stringify(await view(id))).not.toContain(secret.slice(7));
    expect(app.logs.filter((line) => line.includes(secret.slice(7)))).toEqual([]);
  });
});
