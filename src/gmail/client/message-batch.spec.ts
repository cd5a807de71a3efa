import { GrantDeadError } from '../../auth/auth.errors';
import { readParts } from './message-batch';

const ok = (id: string) => ({ status: 200, retryAfter: undefined, body: { id } });
const refused = (status: number, reason: string, retryAfter?: string) => ({
  ...{ status, retryAfter },
  body: { error: { message: reason, errors: [{ reason }] } },
});

describe(readParts, () => {
  it.each([
    [refused(429, 'rateLimitExceeded'), 'rate_limited'],
    [refused(403, 'userRateLimitExceeded'), 'rate_limited'],
    [refused(403, 'rateLimitExceeded'), 'rate_limited'],
    [refused(500, 'backendError'), 'gmail_unavailable'],
    [refused(503, 'backendError'), 'gmail_unavailable'],
    [undefined, 'gmail_unavailable'],
  ])('keeps what was read when others are answered %j', (part, code) => {
    const gone = refused(404, 'notFound');
    const { found, refusal } = readParts(['a', 'b', 'c', 'd'], [ok('a'), part, gone, ok('d')], false);
    expect([...found]).toEqual([
      ['a', { id: 'a' }],
      ['c', undefined],
      ['d', { id: 'd' }],
    ]);
    expect(refusal?.code).toBe(code);
  });

  it('reports the refusal that asks for the longest wait', () => {
    const parts = [
      refused(503, 'backendError'),
      refused(429, 'x', '3'),
      refused(429, 'x', '30'),
      refused(429, 'x'),
    ];
    const { refusal } = readParts(['a', 'b', 'c', 'd'], parts, false);
    expect(refusal?.details.retryAt!.getTime()).toBeGreaterThan(Date.now() + 20_000);
  });

  it('treats what lies beyond the end of a response that was cut as not asked', () => {
    expect(readParts(['a', 'b'], [ok('a'), undefined], true)).toEqual({
      found: new Map([['a', { id: 'a' }]]),
      refusal: undefined,
    });
  });

  it('throws what asking again does not change', () => {
    const lacksScope = refused(403, 'insufficientPermissions');
    expect(() => readParts(['a', 'b'], [ok('a'), lacksScope], false)).toThrow(GrantDeadError);
  });
});
