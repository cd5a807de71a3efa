import { networkInterfaces } from 'node:os';
import { parseEnv } from 'node:util';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { type RunningCommand, runProgram, startCommand } from '../../support/commands/run-command';
import { API_KEY } from '../../support/program/local-setup';
import { startProgramTest } from '../../support/program/program-test';

/** `google`, as a user's own CI runs it: the built program, and what it prints. */
describe('the command google', () => {
  const test = startProgramTest();
  let google: RunningCommand;
  afterEach(() => google?.end('SIGKILL'));
  const settingsOf = (command: RunningCommand) => parseEnv(command.stdout) as Record<string, string>;
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url, { ...init, headers: { 'content-type': 'application/json', ...headers } });
    const text = await answer.text();
    return { status: answer.status, body: text ? (JSON.parse(text) as Record<string, string>) : {} };
  };

  it('prints settings with which the service reads mail that is sent by the control API', async () => {
    const pushTo = `http://127.0.0.1:${test.port}`;
    google = startCommand([
      'google',
      '--account',
      'a@example.com',
      '--account',
      'b@example.com',
      '--push-to',
      pushTo,
      '--consent',
      'approve',
    ]);
    await eventually(() => google.stdout.includes('ALLOW_PRIVATE_ENDPOINTS'), { timeout: 20_000 });
    expect(google.stdout).toMatch(/^([A-Z_]+=\S+\n)+$/);
    const settings = settingsOf(google);
    const origin = settings.GOOGLE_ORIGIN!;
    expect(settings).toMatchObject({ PORT: String(test.port), PUBLIC_URL: pushTo });
    const service = test.start({ ...settings, DATABASE_URL: test.database.url });
    await service.ready(pushTo);
    const key = { authorization: `Bearer ${API_KEY}` };
    const { body: session } = await post(
      `${pushTo}/v1/connect-sessions`,
      { loginHint: 'b@example.com' },
      key,
    );
    expect((await walk(session.url!)).status).toBe(200);
    const sent = await post(`${origin}/control/messages`, {
      emailAddress: 'b@example.com',
      subject: 'From CI',
    });
    expect(sent).toEqual({ status: 201, body: { id: expect.any(String), threadId: expect.any(String) } });
    const event = await eventually(async () => {
      const answer = await fetch(`${pushTo}/v1/events?types=message.added`, { headers: key });
      return ((await answer.json()) as { data: object[] }).data[0];
    });
    expect(event).toMatchObject({
      mailbox: { emailAddress: 'b@example.com' },
      data: { messageId: sent.body.id, message: { subject: 'From CI' } },
    });
    expect(await google.end('SIGTERM')).toBe(0);
  }, 90_000);

  it('lets the faults of the command line happen, and says where its page is', async () => {
    google = startCommand(['google', '--fault', 'method=oauth2.certs.jwk,status=503,times=1']);
    await eventually(() => google.stdout.includes('ALLOW_PRIVATE_ENDPOINTS'), { timeout: 20_000 });
    const origin = settingsOf(google).GOOGLE_ORIGIN!;
    expect(new URL(origin).hostname).toBe('127.0.0.1');
    expect(google.stderr).toContain(`Send mail from ${origin}/`);
    expect((await fetch(`${origin}/oauth2/v3/certs`)).status).toBe(503);
    expect((await fetch(`${origin}/oauth2/v3/certs`)).status).toBe(200);
    expect((await fetch(origin)).status).toBe(200);
  });

  it('listens on one loopback address and on no other address of the machine', async () => {
    google = startCommand(['google']);
    await eventually(() => google.stdout.includes('GOOGLE_ORIGIN'), { timeout: 20_000 });
    const { hostname, port } = new URL(settingsOf(google).GOOGLE_ORIGIN!);
    expect(hostname).toBe('127.0.0.1');
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const others = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const host of ['127.0.0.2', ...others.map(({ address }) => address)])
      await expect(fetch(`http://${host}:${port}/`)).rejects.toThrow('fetch failed');
  });

  it('ends with 78 and a sentence when its port is taken', async () => {
    const port = String(await freePort());
    // An account that is given twice is one.
    google = startCommand(['google', '--port', port, '--account', 'Bob@example.com', 'bob@example.com']);
    await eventually(() => google.stdout.includes('GOOGLE_ORIGIN'), { timeout: 20_000 });
    expect(settingsOf(google).GOOGLE_ORIGIN).toBe(`http://127.0.0.1:${port}`);
    expect(google.stderr).toMatch(/^Accounts: bob@example\.com\./im);
    const second = await runProgram(['google', '--port', port]);
    expect(second).toMatchObject({
      status: 78,
      stdout: '',
      stderr: expect.stringMatching(/^Another program listens on .*\n$/),
    });
  });

  it.each([
    [['--port', 'eighty'], /--port takes a number/],
    [['--account', 'ada'], /"ada" is none/],
    [['--push-to', 'service'], /--push-to takes a URL/],
    [['--fault', 'status'], /name=value/],
    [['--fault', 'staus=503'], /no field "staus"/],
    [['--fault', 'method=oauth2.token'], /needs a status/],
    [['--consent', 'yes'], /ask, approve or deny/],
  ])('ends with 64 at %j', async (args, message) => {
    expect(await runProgram(['google', ...args])).toMatchObject({
      status: 64,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });
});

/** Follows the redirects of a connect link as a browser does that keeps cookies. */
async function walk(url: string, cookies = ''): Promise<Response> {
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie: cookies } });
  const location = answer.headers.get('location');
  if (location === null) return answer;
  await answer.body?.cancel();
  const set = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
  return walk(new URL(location, url).href, [cookies, ...set].filter(Boolean).join('; '));
}
