import {
  GrantDeadError,
  GrantUnreadableError,
  TokenRefusedError,
  TokenEndpointUnavailableError,
} from '../../../src/auth/auth.errors';
import { GrantEntity } from '../../../src/auth/grant.entity';
import { GrantService } from '../../../src/auth/grant.service';
import { describeError } from '../../../src/common/describe-error';
import { Keyring } from '../../../src/common/keyring';
import {
  HOUR_MS,
  issued,
  KEY,
  OLD_KEY,
  READ,
  refused,
  TestGrants,
  tokens,
} from '../../support/auth/test-grants';

describe(GrantService, () => {
  let grants: TestGrants;
  beforeAll(async () => void (grants = await TestGrants.create()));
  afterAll(() => grants?.close());
  beforeEach(() => grants.reset());

  const replica = (keyring?: Keyring) => grants.replica(keyring);
  const stored = (refreshToken: string, lifetime: number, by?: GrantService) =>
    grants.stored(refreshToken, lifetime, by);
  const row = (mailboxId: string) =>
    grants.dataSource.getRepository(GrantEntity).findOneByOrFail({ mailboxId });

  it('gives the stored token while it lives, without asking Google', async () => {
    const id = await stored('r', HOUR_MS);
    expect(await replica().accessToken(id)).toBe('stored');
    expect(grants.asked).toEqual([]);
  });

  it('refreshes a token that has run out, and stores the new one', async () => {
    const id = await stored('refresh-1', -1);
    expect(await replica().accessToken(id)).toBe('fresh');
    expect(await replica().accessToken(id)).toBe('fresh');
    expect(grants.asked).toEqual([
      {
        path: '/token',
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'refresh-1',
          client_id: 'client',
          client_secret: 'client-secret',
        },
      },
    ]);
  });

  it('refreshes once for everybody, on two replicas at the same time', async () => {
    const id = await stored('r', -1);
    const replicas = [replica(), replica()];
    const given = await Promise.all(
      Array.from({ length: 8 }, (_, index) => replicas[index % 2]!.accessToken(id)),
    );
    expect(new Set(given)).toEqual(new Set(['fresh']));
    expect(grants.asked).toHaveLength(1);
  });

  it('replaces a token that Gmail rejected, once for all workers that hold it', async () => {
    const id = await stored('r', HOUR_MS);
    const given = await Promise.all([replica(), replica()].map((one) => one.accessToken(id, 'stored')));
    expect(given).toEqual(['fresh', 'fresh']);
    expect(await replica().accessToken(id, 'stored')).toBe('fresh');
    expect(grants.asked).toHaveLength(1);
  });

  it('treats invalid_grant as the end of the grant', async () => {
    const id = await stored('r', -1);
    grants.answer = () => refused;
    await expect(replica().accessToken(id)).rejects.toMatchObject({ reason: 'invalid_grant' });
  });

  it('does not condemn a grant that was replaced while the old one was refused', async () => {
    const id = await stored('revoked', -1);
    grants.answer = async ({ refresh_token }) => {
      if (refresh_token !== 'revoked') return issued('of the new grant');
      await replica().store(grants.dataSource.manager, id, tokens('reconnected', -1));
      return refused;
    };
    expect(await replica().accessToken(id)).toBe('of the new grant');
  });

  it('does not overwrite a grant that was replaced while the old one was refreshed', async () => {
    const id = await stored('before', -1);
    grants.answer = async () => {
      await replica().store(grants.dataSource.manager, id, tokens('reconnected', HOUR_MS));
      return issued('of the old grant');
    };
    expect(await replica().accessToken(id)).toBe('stored');
    await replica().revoke(id);
    expect(grants.asked.at(-1)).toEqual({ path: '/revoke', form: { token: 'reconnected' } });
  });

  it.each([
    [503, { error: 'backend_error' }, TokenEndpointUnavailableError],
    [429, { error: 'rate_limit_exceeded' }, TokenEndpointUnavailableError],
    [401, { error: 'invalid_client' }, TokenRefusedError],
  ])('treats a %d as a passing failure that gives no secret away', async (status, body, kind) => {
    const id = await stored('the-refresh-token', -1);
    grants.answer = () => ({ status, body });
    const error: unknown = await replica()
      .accessToken(id)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ retryable: true });
    expect(describeError(error)).not.toMatch(/the-refresh-token|client-secret/);
    grants.answer = () => issued('fresh');
    expect(await replica().accessToken(id)).toBe('fresh');
  });

  it('says that a grant without any Gmail scope is of no use', async () => {
    const id = await stored('r', -1);
    grants.answer = () => issued('fresh', { scope: 'openid email' });
    await expect(replica().accessToken(id)).rejects.toMatchObject({ reason: 'insufficient_scope' });
  });

  it('says that a mailbox without a grant needs a new one', async () => {
    await expect(replica().accessToken('mbx_none')).rejects.toBeInstanceOf(GrantDeadError);
  });

  it('keeps a refresh token that Google rotated', async () => {
    const id = await stored('first', -1);
    grants.answer = () => issued('fresh', { refresh_token: 'second' });
    await replica().accessToken(id);
    await replica().accessToken(id, 'fresh');
    expect(grants.asked.map(({ form }) => form.refresh_token)).toEqual(['first', 'second']);
  });

  it('stores neither token in clear text', async () => {
    const id = await stored('secret-refresh', HOUR_MS);
    const [grant] = await grants.dataSource.query<[{ text: string }]>(
      'SELECT g::text AS text FROM grants g WHERE mailbox_id = $1',
      [id],
    );
    expect(grant.text).not.toMatch(/secret-refresh|stored/);
  });

  it('moves a grant to the first key when it refreshes', async () => {
    const id = await stored('r', -1, replica(new Keyring([OLD_KEY])));
    expect((await row(id)).refreshToken).toMatch(/^old:/);
    await replica().accessToken(id);
    expect(await row(id)).toMatchObject({
      refreshToken: expect.stringMatching(/^new:/),
      accessToken: expect.stringMatching(/^new:/),
    });
    expect(await replica(new Keyring([KEY])).accessToken(id)).toBe('fresh');
  });

  it('reports that a key is missing, and works again with it', async () => {
    const id = await stored('r', HOUR_MS, replica(new Keyring([OLD_KEY])));
    const error: unknown = await replica(new Keyring([KEY]))
      .accessToken(id)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GrantUnreadableError);
    expect(error).toMatchObject({ retryable: true });
    expect(await replica().accessToken(id)).toBe('stored');
  });

  it('sends the token to revoke in the body, and treats a dead grant as a revoked one', async () => {
    const id = await stored('r', HOUR_MS);
    grants.answer = () => ({ status: 400, body: { error: 'invalid_token' } });
    await replica().revoke(id);
    expect(grants.asked).toEqual([{ path: '/revoke', form: { token: 'r' } }]);
  });

  it('does not treat a failure as a revoked grant', async () => {
    const id = await stored('r', HOUR_MS);
    grants.answer = () => ({ status: 503, body: {} });
    await expect(replica().revoke(id)).rejects.toBeInstanceOf(TokenEndpointUnavailableError);
  });

  it('lists the scopes of many mailboxes at once, and forgets an erased grant', async () => {
    const [one, two] = [await stored('r', HOUR_MS), await stored('r', HOUR_MS)];
    await replica().erase(grants.dataSource.manager, two);
    expect(await replica().scopes([one, two])).toEqual(new Map([[one, [READ]]]));
  });
});
