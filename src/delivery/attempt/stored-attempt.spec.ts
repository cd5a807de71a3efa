import type { Attempt } from './delivery.types';
import { readAttempt, storeAttempt } from './stored-attempt';

const at = '2026-11-30T00:49:38.879Z';

describe(storeAttempt, () => {
  it.each<[Attempt, unknown[]]>([
    [{ at, status: 204, latencyMs: 77, error: null, response: null }, [204, 77]],
    [{ at, status: 200, latencyMs: 0, error: null, response: 'ok' }, [200, 0, null, 'ok']],
    [{ at, status: null, latencyMs: null, error: 'refused', response: null }, [null, null, 'refused']],
  ])('keeps %j without names, to be read as it was', (attempt, rest) => {
    const stored = storeAttempt(attempt);
    expect(stored).toEqual([Date.parse(at), ...rest]);
    expect(readAttempt(stored)).toEqual(attempt);
  });
});
