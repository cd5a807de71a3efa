import { randomBytes } from 'node:crypto';
import { Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../../support/eventually';
import { TestCluster, type ClusterReplica } from '../../support/program/test-cluster';
import { API_KEY } from '../../support/test-app';

describe('the output of the program', () => {
  let cluster: TestCluster;
  let replica: ClusterReplica;
  let receiver: Receiver;
  const keys = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('base64'));
  beforeAll(async () => {
    cluster = await TestCluster.create({
      LOG_LEVEL: 'trace',
      ENCRYPTION_KEYS: `b:${keys[0]},a:${keys[1]}`,
      GOOGLE_CLIENT_SECRET: 'client-secret',
      DELIVERY_RETRY_DELAYS: '500ms,500ms',
    });
    receiver = await Receiver.start();
    replica = await cluster.start();
  }, 60_000);
  afterAll(async () => {
    await cluster?.close();
    await receiver?.stop();
  });

  it('holds no secret at LOG_LEVEL=trace, whatever goes wrong', async () => {
    const { google } = cluster;
    const secrets: Record<string, string> = {
      'API key': API_KEY,
      'client secret': 'client-secret',
      'first encryption key': keys[0]!,
      'second encryption key': keys[1]!,
    };
    const call = (path: string, init: RequestInit = {}) =>
      fetch(replica.origin + path, { redirect: 'manual', ...init });
    const tokensOf = (account: string) => {
      const { refreshTokens = [], accessTokens = [] } = google.grantOf(account) ?? {};
      [...refreshTokens, ...accessTokens].forEach(({ value }) => (secrets[`token ${value}`] = value));
    };

    // Connecting, with failures on the way; links and callbacks opened wrongly, late and twice.
    const ada = 'ada@example.com';
    google.addAccount(ada);
    const { url } = await replica.api.post(
      '/v1/connect-sessions',
      { redirectUrl: 'https://app.example/?sid=query-secret-1' },
      201,
    );
    secrets.link = url.split('/').at(-1)!;
    await call(`/connect/${secrets.link}x?a=query-secret-2`);
    const callback = await google.consent(url, { account: ada });
    const { searchParams } = new URL(callback);
    secrets.state = searchParams.get('state')!;
    secrets.code = searchParams.get('code')!;
    google.failNext({
      method: 'oauth2.token',
      status: 500,
      body: { error: `echo ${secrets.code} client-secret` },
    });
    await google.browser.visit(callback);
    // That code has had its answer: the link gives another one.
    const again = await google.consent(url, { account: ada });
    secrets.secondCode = new URL(again).searchParams.get('code')!;
    for (let times = 0; times < 2; times++) await google.browser.visit(again);
    await call(`/auth/google/callback?state=wrong-state-secret&code=${secrets.code}`);
    const { data } = await replica.api.get(`/v1/mailboxes?emailAddress=${ada}`);
    const { id } = data[0]!;
    tokensOf(ada);

    // Google's errors, with tokens in them.
    const [token] = google.grantOf(ada)!.accessTokens.slice(-1);
    const [refresh] = google.grantOf(ada)!.refreshTokens.slice(-1);
    const message = `Invalid credentials: Bearer ${token!.value} ${refresh!.value} https://x.example/?key=query-secret-3`;
    for (const [method, status] of [
      ['gmail.users.history.list', 400],
      ['gmail.users.history.list', 500],
      ['gmail.users.watch', 400],
    ] as const)
      google.failNext({ method, status, message });
    google.deliver(ada);
    await call(`/v1/mailboxes/${id}/watch`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: '{}',
    });
    const failed = () => replica.program.output.includes('Invalid credentials: Bearer [redacted]');
    await eventually(failed);
    google.killAccessTokens(ada);
    google.failNext({
      method: 'oauth2.token',
      status: 400,
      body: { error: refresh!.value, error_description: message },
    });
    google.deliver(ada);

    // An endpoint with secrets in its URL that is down, then up.
    const endpoint = await replica.api.post(
      '/v1/endpoints',
      { url: `${receiver.origin}/hook?sig=query-secret-4` },
      201,
    );
    secrets['signing secret'] = endpoint.secret;
    receiver.answer = (_received, response) => {
      response.destroy();
      return Promise.resolve('nothing');
    };
    google.deliver(ada);
    await eventually(() => receiver.received.length > 1);
    receiver.answer = () => 204;

    // Pushes and requests that are refused.
    const honest = google.mintPushToken();
    const forged = (await google.forgedPushTokens()).map(({ token }) => token);
    for (const [index, bearer] of [honest, ...forged].entries()) {
      if (bearer.length > 20) secrets[`push token ${index}`] = bearer;
      await call('/webhooks/gmail?x=query-secret-5', {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: 'nonsense',
      });
    }
    await call('/v1/mailboxes?key=query-secret-6', { headers: { authorization: 'Bearer wrong-key-secret' } });
    await call('/v1/mailboxes', {
      headers: { authorization: `Basic ${API_KEY}`, cookie: 'sid=cookie-secret' },
    });
    await call('/v1/endpoints', {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: '{"secret": "body-secret"',
    });

    // A database that goes away in the middle, a grant that dies, and a disconnect.
    await cluster.database.dataSource.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await eventually(async () => (await call('/health/ready')).status === 200);
    tokensOf(ada);
    google.failNext({ method: 'oauth2.revoke', status: 400, body: { error: refresh!.value } });
    await replica.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(async () => (await replica.api.get(`/v1/mailboxes/${id}`)).status === 'disconnected', {
      timeout: 20_000,
    });
    await replica.program.signal('SIGTERM');

    const text = replica.program.output;
    expect(text.split('\n').length).toBeGreaterThan(30);
    expect(Object.keys(secrets).length).toBeGreaterThan(15);
    expect(text).not.toMatch(/(query|state|key|cookie|body)-secret/);
    const shown = Object.entries(secrets).filter(([, secret]) =>
      [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')].some((form) =>
        text.includes(form),
      ),
    );
    expect(shown.map(([name]) => name)).toEqual([]);
  }, 90_000);

  it('holds no secret when the settings are refused or the database cannot be reached', async () => {
    const wrong = {
      DATABASE_URL: 'postgres://inboxwire:password-secret@127.0.0.1:1/x',
      ENCRYPTION_KEYS: 'a:key-secret',
      API_KEY: 'short-secret',
      GOOGLE_ORIGIN: 'ftp://user:origin-secret@x',
    };
    const refused = await cluster.outputOf(wrong);
    expect(refused).toContain('ENCRYPTION_KEYS: expected');
    const { DATABASE_URL } = wrong;
    const unreachable = await cluster.outputOf({ DATABASE_URL }, 'waiting for the database');
    expect(refused + unreachable).not.toMatch(/-secret/);
  }, 60_000);
});
