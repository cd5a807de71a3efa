import { type AttemptResult, decide, faultOf, resultOfLost } from './attempt-verdict';

const DELAYS = [10_000, 20_000];
const failed = (retryAfter = 0): AttemptResult => ({ ...resultOfLost({ at: new Date(0) }), retryAfter });
const having = (verdict: AttemptResult['verdict']): AttemptResult => ({ ...failed(), verdict });

describe(decide, () => {
  it('moves on after a delivery', () => {
    expect(decide(having('delivered'), 3, 'mailbox', DELAYS)).toEqual({
      status: 'delivered',
      moveOn: true,
      parked: false,
      wait: 0,
    });
  });

  it('holds the mailbox up while an event fails, and moves on when it is dead', () => {
    expect(decide(failed(), 2, 'mailbox', DELAYS)).toMatchObject({ status: 'pending', moveOn: false });
    expect(decide(failed(), 3, 'mailbox', DELAYS)).toMatchObject({ status: 'dead', moveOn: true });
  });

  it('parks a failing event when there is no order to keep', () => {
    expect(decide(failed(), 1, 'none', DELAYS)).toMatchObject({
      status: 'pending',
      moveOn: true,
      parked: true,
    });
  });

  it('keeps the event for when a receiver that is gone comes back, whatever the schedule says', () => {
    expect(decide(having('gone'), 9, 'none', DELAYS)).toEqual({
      status: 'pending',
      moveOn: false,
      parked: false,
      wait: 1_000,
    });
  });

  it('counts the time since a lost attempt as waited for', () => {
    expect(decide(failed(), 1, 'mailbox', DELAYS, 60_000).wait).toBe(0);
    expect(decide(failed(60_000), 1, 'mailbox', DELAYS, 20_000).wait).toBe(40_000);
  });
});

describe(faultOf, () => {
  it.each([
    [200, null],
    [204, null],
    [302, 'the receiver answered 302; redirects are not followed'],
    [500, 'the receiver answered 500'],
  ])('%i', (status, expected) => {
    expect(faultOf(status)).toBe(expected);
  });
});
