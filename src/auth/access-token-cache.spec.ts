import { type AccessToken, AccessTokenCache, TOKEN_CACHE_MS } from './access-token-cache';

const HOUR_MS = 3_600_000;

describe(AccessTokenCache, () => {
  let now = 0;
  let cache: AccessTokenCache;
  let reads: string[];
  beforeEach(() => {
    now = 0;
    cache = new AccessTokenCache(() => now, 3);
    reads = [];
  });

  const token = (value: string, lifetimeMs = HOUR_MS): AccessToken => ({
    value,
    issuedAt: new Date(),
    expiresAt: new Date(Date.now() + lifetimeMs),
  });
  const get = async (id: string, stored: AccessToken | undefined = token(`of ${id}`)) =>
    (
      await cache.get(id, async () => {
        reads.push(id);
        return stored;
      })
    )?.value;

  it('gives the token that was read, for a minute', async () => {
    expect(await get('a')).toBe('of a');
    now = TOKEN_CACHE_MS - 1;
    expect(await get('a', token('of another replica'))).toBe('of a');
    now = TOKEN_CACHE_MS;
    expect(await get('a', token('of another replica'))).toBe('of another replica');
    expect(reads).toEqual(['a', 'a']);
  });

  it('gives no token that is about to expire', async () => {
    await get('a', { ...token('old'), issuedAt: new Date(Date.now() - HOUR_MS), expiresAt: new Date() });
    expect(await get('a')).toBe('of a');
  });

  it('keeps nothing when there was nothing to read', async () => {
    expect(await cache.get('a', async () => undefined)).toBeUndefined();
    await expect(cache.get('a', () => Promise.reject(new Error('unreadable')))).rejects.toThrow('unreadable');
    expect(await get('a')).toBe('of a');
  });

  it('reads once for callers at the same time', async () => {
    expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['of a', 'of a', 'of b']);
    expect(reads).toEqual(['a', 'b']);
  });

  it('neither keeps nor hands on what was being read when it was dropped', async () => {
    const slow = Promise.withResolvers<AccessToken>();
    const first = cache.get('a', () => slow.promise);
    cache.drop('a');
    expect(await get('a', token('new'))).toBe('new');
    slow.resolve(token('erased'));
    expect((await first)?.value).toBe('erased');
    expect(await get('a')).toBe('new');
  });

  it('holds no more than so many, and drops what was read first', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await get(id);
    for (const id of ['b', 'c', 'd']) await get(id);
    expect(reads).toEqual(['a', 'b', 'c', 'd']);
    await get('a');
    expect(reads).toHaveLength(5);
  });
});
