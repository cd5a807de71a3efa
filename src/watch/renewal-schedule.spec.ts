import { renewalTime, retryTime, worthReporting } from './renewal-schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-05-01T12:00:00Z');
const after = (date: Date) => date.getTime() - now.getTime();

describe(renewalTime, () => {
  const expiresAt = new Date('2026-05-08T12:00:00Z');
  const before = (mailboxId: string) =>
    expiresAt.getTime() - renewalTime(mailboxId, { grantedAt: now, expiresAt }, 24 * HOUR).getTime();

  it('is the setting before the expiry, and up to a quarter of it earlier', () => {
    const times = Array.from({ length: 200 }, (_, n) => before(`mbx_${n}`));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(24 * HOUR);
    expect(Math.max(...times)).toBeLessThanOrEqual(30 * HOUR);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5 * HOUR);
  });

  it('is always the same for a mailbox', () => {
    expect(before('mbx_1')).toBe(before('mbx_1'));
  });

  it.each([
    ['6d', 144 * HOUR, 168 * HOUR],
    ['4d 20h, whose spread alone would reach too far', 116 * HOUR, 168 * HOUR],
    ['the whole life', 168 * HOUR, 168 * HOUR],
    ['a year', 365 * 24 * HOUR, 168 * HOUR],
    ['the default, of watches of an hour', 24 * HOUR, HOUR],
    ['the default, of watches of 20 s', 24 * HOUR, 20_000],
  ])('is never before a third of the life that was granted: %s', (_name, renewBefore, life) => {
    const ends = new Date(now.getTime() + life);
    const watch = { grantedAt: now, expiresAt: ends };
    const times = Array.from({ length: 200 }, (_, n) => after(renewalTime(`mbx_${n}`, watch, renewBefore)));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(Math.floor(life / 3));
    expect(Math.max(...times)).toBeLessThanOrEqual(life / 2);
    // What was connected at once is not renewed at once nevertheless.
    expect(new Set(times).size).toBeGreaterThan(150);
  });

  it('is as the setting says wherever a third of the life leaves room for it', () => {
    const watch = { grantedAt: now, expiresAt };
    for (let n = 0; n < 200; n++)
      expect(
        expiresAt.getTime() - renewalTime(`mbx_${n}`, watch, 108 * HOUR).getTime(),
      ).toBeGreaterThanOrEqual(108 * HOUR);
  });

  it.each(['2026-06-08T12:00:00Z', '+010000-01-01T00:00:00Z'])(
    'is within the seven days that Gmail gives a watch, also when it says that it ends at %s',
    (expiry) => {
      const granted = { grantedAt: now, expiresAt: new Date(expiry) };
      expect(renewalTime('mbx_1', granted, 24 * HOUR)).toEqual(
        renewalTime('mbx_1', { grantedAt: now, expiresAt }, 24 * HOUR),
      );
    },
  );

  it('is not at once for a watch that has run out when it is granted', () => {
    const expired = { grantedAt: now, expiresAt: new Date(now.getTime() - HOUR) };
    expect(after(renewalTime('mbx_1', expired, 24 * HOUR))).toBe(MINUTE);
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

  it('is the next run of the job after the first failure', () => {
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
  it('is true of a refusal at once, and of silence when it lasts', () => {
    expect([worthReporting(1, true), worthReporting(1, false), worthReporting(3, false)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
