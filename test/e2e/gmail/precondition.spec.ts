import { eventually } from '../../support/eventually';
import { ownersOf } from '../../support/connection/owners';
import { hastenRetries } from '../../support/gmail/refusals';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';

/** What Gmail answers to a call in some hundreds, and to the same call a moment later no more. */
const REFUSAL = { status: 400, reason: 'failedPrecondition', message: 'Precondition check failed.' };

describe('a Gmail that says "Precondition check failed" now and then', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp();
    hastenRetries(app);
    // Each test asks for its syncs by itself.
    app.pushes.chaos = { drop: 1 };
  });
  afterAll(() => app.close());
  afterEach(() => app.google.faults.clear());
  const { newMailbox, eventsOf, sync, view } = ownersOf(() => app);

  it('is asked again for those messages alone, and each comes whole', async () => {
    const { id, emailAddress } = await newMailbox();
    const ids = Array.from({ length: 60 }, () => app.google.deliver(emailAddress).id);
    app.google.requests.clear();
    const faults = [3, 17, 30].map((n) =>
      app.google.failNext({ method: GET, path: new RegExp(`/messages/${ids[n]}`), ...REFUSAL }),
    );
    await sync(id);
    const added = await eventually(() => eventsOf(id, 'message.added'), {
      until: ({ length }) => length === 60,
    });
    expect(added.map(({ data }) => data.messageId)).toEqual(ids);
    expect(added.filter(({ data }) => data.message === null)).toEqual([]);
    expect(faults.map(({ hits }) => hits)).toEqual([1, 1, 1]);
    expect(app.google.requests.count({ method: GET })).toBe(63);
    expect((await view(id)).sync.lastError).toBeNull();
  });

  it('is no 404 for who reads a message that is there', async () => {
    const { id, emailAddress } = await newMailbox();
    const { id: messageId } = app.google.deliver(emailAddress);
    app.google.failNext({ method: GET, ...REFUSAL });
    const path = `/v1/mailboxes/${id}/messages/${messageId}` as const;
    expect(await app.api.get(path, 503)).toMatchObject({ code: 'google_unavailable' });
    expect(await app.api.get(path)).toMatchObject({ id: messageId });
  });

  it('does not keep a disconnect from ending when it always says so', async () => {
    const { id } = await newMailbox();
    const fault = app.google.failNext({ method: 'gmail.users.stop', ...REFUSAL, times: 1_000 });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(async () => (await view(id)).status === 'disconnected', { timeout: 20_000 });
    expect(fault.hits).toBe(3);
  });
});
