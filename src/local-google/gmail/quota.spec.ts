import type { LocalGoogle } from '../local-google';
import { ANN, connect, READONLY, refusal, startGoogle } from '../testing/connected';
import { Quota } from './quota';

describe(Quota.name, () => {
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle();
  });

  afterEach(() => google.stop());

  it('lets 6,000 units a minute through and names the time to come back', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN);
    google.quota.enforced = true;
    google.quota.perMailbox = 60;
    const get = (): Promise<unknown> => gmail.users.messages.get({ userId: 'me', id });
    for (let i = 0; i < 3; i += 1) await get();
    const { status, error } = await refusal(get());
    expect(status).toBe(403);
    expect(error).toMatchObject({
      code: 403,
      errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded' }],
    });
    expect(error.message).toMatch(/Retry after \d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(google.unitsUsed(ANN)).toBe(60);
    google.clock.advance(60_000);
    await get();
  });

  it('shares the limit of the project among the mailboxes, and can refuse with 429', async () => {
    const ann = await connect(google, READONLY);
    const bob = await connect(google, READONLY, 'bob@example.com');
    Object.assign(google.quota, { enforced: true, perProject: 1, refuseWith: 429 });
    await ann.gmail.users.getProfile({ userId: 'me' });
    expect(await refusal(bob.gmail.users.getProfile({ userId: 'me' }))).toMatchObject({
      status: 429,
      error: { status: 'RESOURCE_EXHAUSTED', errors: [{ reason: 'rateLimitExceeded' }] },
    });
  });

  it('refuses too many calls of one mailbox at once', async () => {
    const { gmail } = await connect(google, READONLY);
    google.quota.concurrentPerMailbox = 2;
    google.switches.latencyMs = 30;
    const call = async (): Promise<number> =>
      (
        await gmail.users
          .getProfile({ userId: 'me' })
          .catch((error: { response: Response }) => error.response)
      ).status;
    expect((await Promise.all([call(), call(), call()])).sort()).toEqual([200, 200, 429]);
    expect(await call()).toBe(200);
  });
});
