import { classifyKeys } from './key-state';

const use = (keyId: string, name = 'grants', count = 3) => ({ name, keyId, count });

describe(classifyKeys, () => {
  it.each([
    ['nothing is stored', [], ['1'], 'settled'],
    ['all is under the only key', [use('1')], ['1'], 'settled'],
    ['all is under the first key', [use('2')], ['2', '1'], 'retirable'],
    ['nothing is stored, and there are two keys', [], ['2', '1'], 'retirable'],
    ['something is under an older key', [use('2'), use('1')], ['2', '1'], 'moving'],
    ['a key was taken out too early', [use('2'), use('1')], ['2'], 'missing'],
    ['one is missing and another one still needed', [use('1'), use('2')], ['3', '2'], 'missing'],
  ])('when %s', (_name, uses, keyIds, kind) => expect(classifyKeys(uses, keyIds).kind).toBe(kind));

  it('names what needs which key, and the remedy', () => {
    const { detail, remedy } = classifyKeys([use('1'), use('1', 'endpoint secrets', 1)], ['2']);
    expect(detail).toContain('grants under key "1" (3), endpoint secrets under key "1" (1)');
    expect(remedy).toContain('Put it back into ENCRYPTION_KEYS');
  });

  it('names the keys that can go', () => {
    expect(classifyKeys([use('3')], ['3', '2', '1']).detail).toMatch(
      /^Nothing is left under key "2" and "1"/,
    );
  });
});
