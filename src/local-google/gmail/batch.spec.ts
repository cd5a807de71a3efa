import type { LocalGoogle } from '../local-google';
import { headerValue, splitMail } from '../mail/header-block';
import { readParameters } from '../mail/header-parameters';
import { splitMultipart } from '../mail/multipart';
import { ANN, connect, MODIFY, startGoogle } from '../testing/connected';

interface PartResponse {
  contentId: string | null;
  status: number;
  headers: string;
  body: { id?: string; error?: { code: number } } | null;
}

describe('Gmail batch', () => {
  let google: LocalGoogle;
  let token: string;

  beforeEach(async () => {
    google = await startGoogle();
    google.addAccount(ANN);
    token = (await connect(google, MODIFY)).accessToken;
  });

  afterEach(() => google.stop());

  const send = (calls: readonly string[], authorization = `Bearer ${token}`): Promise<Response> => {
    const part = (call: string, i: number): string =>
      `--outer\r\nContent-Type: application/http\r\nContent-ID: <item-${i}>\r\n\r\n${call}\r\n`;
    const headers = { authorization, 'content-type': 'multipart/mixed; boundary="outer"' };
    const body = `${calls.map(part).join('')}--outer--\r\n`;
    return fetch(`${google.origin}/batch/gmail/v1`, { method: 'POST', headers, body });
  };

  const batch = async (calls: readonly string[], authorization?: string): Promise<PartResponse[]> => {
    const answer = await send(calls, authorization);
    expect(answer.status).toBe(200);
    const type = readParameters(answer.headers.get('content-type'));
    const text = Buffer.from(await answer.text(), 'utf8').toString('latin1');
    return splitMultipart(text, type.parameters.get('boundary') ?? '').map((section) => {
      const { headers, body } = splitMail(section);
      const [, status = '', inner = '', json = ''] =
        /^HTTP\/1\.1 (\d+) [^\r]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(body) ?? [];
      const contentId = headerValue(headers, 'content-id');
      return {
        contentId,
        status: Number(status),
        headers: inner,
        body: json === '' ? null : JSON.parse(json),
      };
    });
  };

  it('answers each part on its own, under its content id', async () => {
    const { id } = google.deliver(ANN);
    const answers = await batch([
      `GET /gmail/v1/users/me/messages/${id}?format=minimal&fields=id`,
      'GET /gmail/v1/users/me/messages/19ffffffffffffff HTTP/1.1\r\nAccept: application/json\r\n',
      `POST https://gmail.googleapis.com/gmail/v1/users/me/messages/${id}/modify HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"removeLabelIds":["UNREAD"]}`,
      'nonsense',
    ]);
    expect(answers.map(({ contentId, status }) => [contentId, status])).toEqual([
      ['<response-item-0>', 200],
      ['<response-item-1>', 404],
      ['<response-item-2>', 200],
      ['<response-item-3>', 400],
    ]);
    expect(answers[0]?.body).toEqual({ id });
    expect(answers[1]?.body?.error?.code).toBe(404);
    expect(google.unitsUsed(ANN)).toBe(45);
    expect(google.requests.list({ method: 'gmail.' }).every(({ batched }) => batched)).toBe(true);
  });

  it('checks the token part by part', async () => {
    const own = `GET /gmail/v1/users/me/profile\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const answers = await batch(['GET /gmail/v1/users/me/profile', own], 'Bearer dead');
    expect(answers.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('fails chosen parts, with Retry-After when switched on', async () => {
    google.failNext({
      method: 'gmail.users.getProfile',
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfter: 3,
      skip: 1,
    });
    const answers = await batch(Array.from({ length: 3 }, () => 'GET /gmail/v1/users/me/profile'));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 200]);
    expect(answers[1]?.headers).toContain('Retry-After: 3');
  });

  it('refuses the parts after the first ones, when switched on', async () => {
    google.switches.batchPartsAnswered = 2;
    const answers = await batch(Array.from({ length: 4 }, () => 'GET /gmail/v1/users/me/profile'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(google.unitsUsed(ANN)).toBe(2);
  });

  it('takes a hundred parts and refuses more', async () => {
    const calls = Array.from({ length: 101 }, () => 'GET /gmail/v1/users/me/profile');
    expect((await send(calls)).status).toBe(400);
    expect(await batch(calls.slice(1))).toHaveLength(100);
  });

  it('can answer in any order', async () => {
    google.switches.shuffleBatch = true;
    const answers = await batch(Array.from({ length: 20 }, () => 'GET /gmail/v1/users/me/profile'));
    const order = answers.map(({ contentId }) => contentId);
    expect(order).not.toEqual([...order].sort((a, b) => Number(a?.slice(15, -1)) - Number(b?.slice(15, -1))));
  });

  it('can fail as a whole', async () => {
    google.failNext({ method: 'batch.gmail', status: 503 });
    const answer = await send(['GET /gmail/v1/users/me/profile']);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { status: 'UNAVAILABLE' } });
    expect(google.requests.count({ method: 'gmail.' })).toBe(0);
  });
});
