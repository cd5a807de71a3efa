import type { LocalGoogle } from '../local-google';
import { ANN, connect, EVERYTHING, startGoogle } from '../testing/connected';
import { control } from './control.handler';

const JSON_HEADERS = { 'content-type': 'application/json' };

interface Answer {
  id: string;
  threadId: string;
  calls: { method: string; path: string }[];
  data: object[];
  labelIds: string[];
}

describe(control.name, () => {
  let google: LocalGoogle;
  beforeEach(async () => {
    google = await startGoogle();
    google.addAccount(ANN);
  });
  afterEach(() => google.stop());

  const call = async (method: string, path: string, body?: unknown, headers = JSON_HEADERS) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(google.origin + path, init);
    const text = await answer.text();
    return { status: answer.status, body: text ? (JSON.parse(text) as Answer) : undefined };
  };
  const newest = () => [...google.mailbox(ANN).messages.values()].at(-1)!;

  it('describes every call of its own', async () => {
    const { status, body } = await call('GET', '/control');
    expect(status).toBe(200);
    const calls = body!.calls.map((c) => `${c.method} ${c.path}`);
    expect(calls).toEqual(expect.arrayContaining(['POST /control/messages', 'POST /control/faults']));
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('delivers a mail and answers with its ids', async () => {
    const mail = {
      emailAddress: ANN,
      from: 'Bob <bob@example.net>',
      subject: 'Räka',
      text: 'Hej',
      labelIds: ['INBOX'],
    };
    const { status, body } = await call('POST', '/control/messages', mail);
    expect(status).toBe(201);
    expect(body).toEqual({ id: newest().id, threadId: newest().threadId });
    expect([...newest().labelIds]).toEqual(['INBOX']);
    const list = await call('GET', `/control/messages?emailAddress=${ANN}`);
    expect(list.body!.data[0]).toMatchObject({ id: newest().id, from: 'Bob <bob@example.net>' });
  });

  it('delivers a whole mail, as it was sent and when', async () => {
    const mail = 'From: Bob <bob@example.net>\r\nSubject: R\u00e4ka\r\n\r\nHej\r\n';
    const raw = Buffer.from(mail).toString('base64url');
    const internalDate = '2026-11-01T08:00:00.000Z';
    const { status, body } = await call('POST', '/control/messages', {
      emailAddress: ANN,
      raw,
      internalDate,
    });
    expect(status).toBe(201);
    expect(newest()).toMatchObject({ id: body!.id, internalDate: Date.parse(internalDate) });
    expect(newest().raw.toString()).toBe(mail);
  });

  it('delivers answers into the thread of what they answer', async () => {
    const { body: first } = await call('POST', '/control/messages', { emailAddress: ANN });
    const inReplyTo = newest().rfc822MessageId;
    const reply = { emailAddress: ANN, to: 'help@example.com', cc: 'c@example.net', inReplyTo };
    expect((await call('POST', '/control/messages', reply)).body!.threadId).toBe(first!.threadId);
    expect(newest().raw.toString()).toMatch(/^To: help@example\.com\r\nCc: c@example\.net\r$/m);
    expect(newest().raw.toString()).toContain(`References: ${inReplyTo}`);
    const { threadId } = first!;
    const { body } = await call('POST', '/control/messages', { emailAddress: ANN, threadId });
    expect(body!.threadId).toBe(threadId);
  });

  it('renames and deletes an account as an administrator does, and makes a label as its owner does', async () => {
    const label = { emailAddress: ANN, name: 'Customers' };
    const { body } = await call('POST', '/control/labels/create', label);
    expect(google.mailbox(ANN).labels.get(body!.id)).toMatchObject({ name: 'Customers', type: 'user' });
    expect((await call('POST', '/control/labels/create', label)).status).toBe(409);
    const newEmailAddress = 'ann.new@example.com';
    const renamed = await call('POST', '/control/accounts/rename', { emailAddress: ANN, newEmailAddress });
    expect(renamed).toMatchObject({ status: 200, body: { emailAddress: newEmailAddress } });
    const path = `/control/accounts?emailAddress=${newEmailAddress}`;
    expect((await call('DELETE', path)).status).toBe(204);
    expect(google.accounts()).toEqual([]);
  });

  it('reads and deletes a message as its owner does', async () => {
    const { body } = await call('POST', '/control/messages', { emailAddress: ANN });
    const messageId = body!.id;
    const change = { emailAddress: ANN, messageId, addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] };
    const changed = await call('POST', '/control/labels', change);
    expect(changed.body!.labelIds.sort()).toEqual(['INBOX', 'STARRED']);
    expect((await call('DELETE', `/control/messages?emailAddress=${ANN}&id=${messageId}`)).status).toBe(204);
    expect(google.mailbox(ANN).messages.has(messageId)).toBe(false);
  });

  it('lets the next calls fail, and says how many it has hit', async () => {
    const fault = { method: 'oauth2.certs.jwk', status: 503, times: 2 };
    expect(await call('POST', '/control/faults', fault)).toMatchObject({ status: 201, body: { hits: 0 } });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await call('GET', '/oauth2/v3/certs')).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await call('GET', '/control/faults')).body!.data).toEqual([{ ...fault, hits: 2, spent: true }]);
    await call('DELETE', '/control/faults');
    expect((await call('GET', '/control/faults')).body!.data).toEqual([]);
  });

  it('expires the history, and refuses tokens', async () => {
    const { accessToken } = await connect(google, EVERYTHING, ANN);
    const path = `/gmail/v1/users/me/history?startHistoryId=${google.historyId(ANN)}`;
    const history = async () =>
      (await fetch(google.origin + path, { headers: { authorization: `Bearer ${accessToken}` } })).status;
    expect(await history()).toBe(200);
    await call('POST', '/control/messages', { emailAddress: ANN });
    expect((await call('POST', '/control/history/expire', { emailAddress: ANN })).status).toBe(204);
    expect(await history()).toBe(404);
    await call('POST', '/control/tokens/refuse', { emailAddress: ANN, kind: 'access' });
    expect([await history(), google.grantOf(ANN)]).toEqual([401, expect.anything()]);
    await call('POST', '/control/tokens/refuse', { emailAddress: ANN });
    expect(google.grantOf(ANN)).toBeNull();
  });

  it.each([
    [
      'POST',
      '/control/messages',
      { emailAddress: 'nobody@example.com' },
      404,
      /There is no account.*Accounts: /,
    ],
    ['POST', '/control/messages', { emailAddres: ANN }, 400, /no field "emailAddres".*emailAddress/],
    ['POST', '/control/messages', {}, 400, /"emailAddress" is missing/],
    ['POST', '/control/messages', { emailAddress: ANN, subject: 'a\r\nBcc: b@c.d' }, 400, /one line/],
    ['POST', '/control/messages', { emailAddress: ANN, labelIds: ['Inbox'] }, 400, /no label "Inbox".*INBOX/],
    ['POST', '/control/messages', { emailAddress: ANN, labelIds: 'INBOX' }, 400, /array of strings/],
    ['POST', '/control/messages', { emailAddress: ANN, raw: 'no mail!' }, 400, /"raw".*base64/],
    ['POST', '/control/messages', { emailAddress: ANN, raw: 'QQ', subject: 'x' }, 400, /leave "subject" out/],
    ['POST', '/control/messages', { emailAddress: ANN, internalDate: 'soon' }, 400, /2026-11-01T08:00:00Z/],
    ['POST', '/control/messages', { emailAddress: ANN, threadId: 'T1' }, 400, /hexadecimal/],
    [
      'POST',
      '/control/accounts/rename',
      { emailAddress: ANN, newEmailAddress: 'ann' },
      400,
      /newEmailAddress must be an address/,
    ],
    ['POST', '/control/service-accounts', { scopes: ['mail'] }, 400, /gmail\.readonly/],
    ['POST', '/control/faults', {}, 400, /needs a status/],
    ['POST', '/control/faults', { status: 42 }, 400, /200 to 599/],
    ['POST', '/control/faults', { status: 503, method: 'gmail.users.wach' }, 400, /gmail\.users\.watch/],
    ['POST', '/control/faults', { status: 503, times: 0 }, 400, /"times" must not be less than 1/],
    ['POST', '/control/faults', { status: 503, times: 1.5 }, 400, /"times" must be a whole number/],
    ['POST', '/control/faults', { delayMs: -1 }, 400, /"delayMs" must not be less than 0/],
    ['POST', '/control/faults', { delayMs: 1e12 }, 400, /"delayMs" must not be more than 2147483647/],
    ['POST', '/control/accounts', { emailAddress: ANN }, 409, /already/],
    ['POST', '/control/tokens/refuse', { emailAddress: ANN, kind: 'all' }, 400, /grant or access/],
    ['POST', '/control/nothing', {}, 404, /GET \/control/],
    ['DELETE', '/control/notify', undefined, 405, /takes POST/],
  ])('answers %s %s %j with %i', async (method, path, body, status, error) => {
    const answer = await call(method, path, body);
    expect(answer).toEqual({ status, body: { error: expect.stringMatching(error), help: '/control' } });
  });

  it('lets no page of another site send mail', async () => {
    const body = { emailAddress: ANN };
    const before = google.mailbox(ANN).messages.size;
    const elsewhere = { ...JSON_HEADERS, origin: 'https://evil.example' };
    expect((await call('POST', '/control/messages', body, elsewhere)).status).toBe(403);
    expect((await call('POST', '/control/messages', body, { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
    expect(google.mailbox(ANN).messages.size).toBe(before);
  });

  it('has a page with a form, in which an address is text and nothing else', async () => {
    google.addAccount('<b>@example.com');
    const page = await (await fetch(google.origin)).text();
    expect(page).toContain(ANN);
    expect(page).toContain('&lt;b&gt;@example.com');
    expect(page).not.toContain('<b>@');
  });
});
