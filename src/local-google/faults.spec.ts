import { Faults } from './faults';
import type { LocalGoogle } from './local-google';
import { ANN, connect, READONLY, refusal, startGoogle, TOPIC, type Connected } from './testing/connected';

const me = { userId: 'me' };

describe(Faults.name, () => {
  let google: LocalGoogle;
  let gmail: Connected['gmail'];
  let oauth: Connected['oauth'];

  beforeEach(async () => {
    google = await startGoogle();
    ({ gmail, oauth } = await connect(google, READONLY));
  });

  afterEach(() => google.stop());

  it('fails the next calls of a method, then no more', async () => {
    const fault = google.failNext({
      method: 'gmail.users.getProfile',
      reason: 'rateLimitExceeded',
      times: 2,
    });
    for (let i = 0; i < 2; i += 1)
      expect(await refusal(gmail.users.getProfile(me))).toMatchObject({
        status: 403,
        error: { errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded' }] },
      });
    expect(fault.spent).toBe(true);
    expect((await gmail.users.getProfile(me)).status).toBe(200);
  });

  it('picks calls by path and account', async () => {
    google.failNext({ path: /profile$/, account: 'bob@example.com', status: 503 });
    expect((await gmail.users.getProfile(me)).status).toBe(200);
    google.failNext({ path: /profile$/, account: ANN, status: 503 });
    expect(await refusal(gmail.users.getProfile(me))).toMatchObject({
      status: 503,
      error: { status: 'UNAVAILABLE' },
    });
  });

  it('loses the answer of a call that took effect', async () => {
    google.failNext({ method: 'gmail.users.watch', dropConnection: true, when: 'after' });
    await expect(gmail.users.watch({ ...me, requestBody: { topicName: TOPIC } })).rejects.toThrow();
    expect(google.mailbox(ANN).watch?.topicName).toBe(TOPIC);
  });

  it('hangs until released', async () => {
    const fault = google.failNext({ method: 'gmail.users.getProfile', hang: true });
    const call = gmail.users.getProfile(me);
    while (fault.hits === 0) await new Promise(setImmediate);
    expect(google.requests.count({ method: 'gmail.users.getProfile' })).toBe(0);
    fault.release();
    expect((await call).status).toBe(200);
  });

  it('fails OAuth calls in the shape of OAuth', async () => {
    google.failNext({
      method: 'oauth2.token',
      reason: 'invalid_grant',
      message: 'Token has been expired or revoked.',
    });
    await expect(oauth.refreshAccessToken()).rejects.toMatchObject({
      status: 400,
      response: { data: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
    });
  });
});
