import { consequences } from './endpoint-change';

const ENDPOINT = {
  url: 'https://a.example/hook',
  eventTypes: [],
  mailboxIds: ['mbx_1', 'mbx_2'],
  ordering: 'mailbox',
  description: null,
  filter: null,
  rateLimit: null,
  status: 'enabled',
} as const satisfies Parameters<typeof consequences>[0];

describe(consequences, () => {
  it('has none for a description, or for what stays as it was', () => {
    const nothing = { otherMailboxes: false, otherTypes: false, retryNow: false };
    expect(consequences(ENDPOINT, { description: 'CRM' })).toEqual(nothing);
    expect(consequences(ENDPOINT, { ...ENDPOINT, mailboxIds: ['mbx_2', 'mbx_1'] })).toEqual(nothing);
  });

  it('moves cursors when other mailboxes or types are filtered', () => {
    expect(consequences(ENDPOINT, { mailboxIds: [] }).otherMailboxes).toBe(true);
    expect(consequences(ENDPOINT, { eventTypes: ['message.added'] }).otherTypes).toBe(true);
  });

  it('retries now when the URL is another one, headers come, its order no longer matters or the endpoint is enabled again, but not while it stays disabled', () => {
    expect(consequences(ENDPOINT, { url: 'https://b.example/' }).retryNow).toBe(true);
    expect(consequences(ENDPOINT, { headers: { authorization: 'Basic eA==' } }).retryNow).toBe(true);
    expect(consequences(ENDPOINT, { headers: null }).retryNow).toBe(true);
    expect(consequences(ENDPOINT, { ordering: 'none' }).retryNow).toBe(true);
    expect(consequences({ ...ENDPOINT, ordering: 'none' }, { ordering: 'mailbox' }).retryNow).toBe(false);
    expect(consequences({ ...ENDPOINT, status: 'disabled' }, { status: 'enabled' }).retryNow).toBe(true);
    expect(consequences({ ...ENDPOINT, status: 'disabled' }, { url: 'https://b.example/' }).retryNow).toBe(
      false,
    );
  });
});
