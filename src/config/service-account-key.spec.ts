import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServiceAccountKey, serviceAccountKeyFault } from './service-account-key';

const pem = (type: 'rsa' | 'ed25519') => {
  const { privateKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe(serviceAccountKeyFault, () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'inboxwire-key-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  const file = (content: unknown) => {
    const path = join(directory, 'key.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const key = {
    type: 'service_account',
    client_email: 'a@p.iam.gserviceaccount.com',
    client_id: '1',
    private_key_id: 'k',
    private_key: pem('rsa'),
    token_uri: 'https://elsewhere.example.com/token',
  };

  it('has nothing to say of a key file, which is read', () => {
    expect(serviceAccountKeyFault(file(key))).toBeUndefined();
    expect(readServiceAccountKey(file(key))).toEqual({
      clientEmail: key.client_email,
      clientId: '1',
      privateKeyId: 'k',
      privateKey: key.private_key,
    });
  });

  it.each([
    ['is not JSON', 'key'],
    ['is not JSON', '[]'],
    ['is no key file', {}],
    ['is that of an OAuth client', { web: { client_id: '1' } }],
    ["is that of a user's credentials", { type: 'authorized_user' }],
    ['is that of an external account', { type: 'external_account' }],
    ['lacks client_email', { ...key, client_email: '' }],
    ['lacks client_id', { ...key, client_id: undefined }],
    ['lacks private_key', { ...key, private_key: 7 }],
    ['no RSA key', { ...key, private_key: 'key' }],
    ['no RSA key', { ...key, private_key: pem('ed25519') }],
  ])('says that the file %s', (fault, content) => {
    expect(serviceAccountKeyFault(file(content))).toContain(fault);
  });

  it('says that a file is not there, or is a directory', () => {
    expect(serviceAccountKeyFault(join(directory, 'none'))).toMatch(
      /^the path to .*cannot be read \(ENOENT\)$/,
    );
    expect(serviceAccountKeyFault(directory)).toContain('cannot be read (EISDIR)');
  });

  it('does not read what has no end', () => {
    expect(serviceAccountKeyFault('/dev/zero')).toContain('/dev/zero is no such file');
    expect(serviceAccountKeyFault(file('{'.repeat(100_000)))).toContain('is no such file');
  });
});
