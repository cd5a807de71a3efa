import { randomBytes } from 'node:crypto';
import { Keyring, UndecipherableError } from './keyring';

const key = (id: string) => ({ id, bytes: randomBytes(32) });

describe(Keyring, () => {
  const old = key('2025');
  const current = key('2026');
  const ring = new Keyring([current, old]);

  it('decrypts what it encrypted', () => {
    const text = ring.encrypt('1//refresh-token ✓', 'mbx_1');
    expect(text).toMatch(/^2026:/);
    expect(text).not.toContain('refresh');
    expect(ring.decrypt(text, 'mbx_1')).toBe('1//refresh-token ✓');
  });

  it('encrypts the same text differently each time', () => {
    expect(ring.encrypt('a', 'x')).not.toBe(ring.encrypt('a', 'x'));
  });

  it('decrypts what an older key encrypted, and says that it is stale', () => {
    const text = new Keyring([old]).encrypt('token', 'mbx_1');
    expect(ring.decrypt(text, 'mbx_1')).toBe('token');
    expect(ring.isStale(text)).toBe(true);
    expect(ring.isStale(ring.encrypt('token', 'mbx_1'))).toBe(false);
  });

  it('refuses a ciphertext that was moved to another owner', () => {
    const text = ring.encrypt('token', 'mbx_1');
    expect(() => ring.decrypt(text, 'mbx_2')).toThrow(UndecipherableError);
  });

  it('refuses a ciphertext that was changed in any byte', () => {
    const text = ring.encrypt('token', 'mbx_1');
    const [id, body] = text.split(':') as [string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      expect(() => ring.decrypt(`${id}:${changed.toString('base64url')}`, 'mbx_1')).toThrow(
        UndecipherableError,
      );
    }
  });

  it('names the missing key and the remedy', () => {
    const text = new Keyring([key('gone')]).encrypt('token', 'mbx_1');
    expect(() => ring.decrypt(text, 'mbx_1')).toThrow(/"gone".*ENCRYPTION_KEYS/);
  });
});
