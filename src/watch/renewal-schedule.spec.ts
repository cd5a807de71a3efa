import { renewalTime, retryTime, worthReporting } from './renewal-schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-05-01T12:00:00Z');
const after = (date: Date) => date.getTime() - now.getTime();

describe(renewalTime, () => {
  const expiresAt = new Date('2026-05-08T12:00:00Z');
  const before = (mailboxId: string) =>
    expiresAt.getTime() - renewalTime(mailboxId, expiresAt, 24 * HOUR).getTime();

  it('is the setting before the expiry, and up to a quarter of it earlier', () => {
    const times = Array.from({ length: 200 }, (_, n) => before(`mbx_${n}`));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(24 * HOUR);
    expect(Math.max(...times)).toBeLessThanOrEqual(30 * HOUR);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5 * HOUR);
  });

  it('is always the same for a mailbox', () => {
    expect(before('mbx_1')).toBe(before('mbx_1'));
  });
});

describe(retryTime, () => {
  const retry = (failures: number, left: number | null, code = 'gmail_refused') =>
    after(
      retryTime(
        {
          failures,
          code,
          interval: MINUTE,
          expiresAt: left === null ? null : new Date(now.getTime() + left),
        },
        now,
      ),
    );

  it('is the next look of the job after the first failure', () => {
    expect(retry(1, 24 * HOUR)).toBe(MINUTE);
  });

  it.each([2, 5, 10, 50])('is never after more than a tenth of the time left (%i failures)', (failures) => {
    expect(retry(failures, 20 * HOUR)).toBeLessThanOrEqual(2 * HOUR);
    expect(retry(failures, 20 * HOUR)).toBeGreaterThanOrEqual(MINUTE);
    expect(retry(failures, 5 * MINUTE)).toBeLessThanOrEqual(MINUTE);
  });

  it.each([null, -HOUR])('does not leave a mailbox alone that has no watch (%s ms left)', (left) => {
    expect(retry(50, left)).toBeLessThanOrEqual(5 * MINUTE);
  });

  it('is hourly for an account without Gmail', () => {
    expect(retry(3, null, 'mail_service_not_enabled')).toBe(HOUR);
  });
});

describe(worthReporting, () => {
  it('tells a refusal at once, and silence when it lasts', () => {
    expect([worthReporting(1, true), worthReporting(1, false), worthReporting(3, false)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
