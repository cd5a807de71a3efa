import { MailboxService } from '../../../src/mailbox/mailbox.service';
import { MailboxStore } from '../../../src/mailbox/mailbox.store';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import {
  GrantDeadError,
  GrantUnreadableError,
  OauthClientError,
  TokenEndpointUnavailableError,
} from '../../../src/auth/auth.errors';
import { GoogleOauthClient } from '../../../src/auth/google-oauth.client';
import { GrantEntity } from '../../../src/auth/grant.entity';
import { GrantService } from '../../../src/auth/grant.service';
import { describeError } from '../../../src/common/describe-error';
import { Keyring } from '../../../src/common/keyring';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { LeaseService } from '../../../src/database/lease.service';
import { LeaseStore } from '../../../src/database/lease.store';
import { MailboxEntity } from '../../../src/mailbox/mailbox.entity';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

const READ = 'https://www.googleapis.com/auth/gmail.readonly';
const HOUR_MS = 3_600_000;

type Form = Record<string, string>;
type TokenResponse = { status: number; body: object };
const issued = (accessToken: string, more: object = {}): TokenResponse => ({
  status: 200,
  body: { access_token: accessToken, expires_in: 3599, scope: READ, ...more },
});
const refused: TokenResponse = { status: 400, body: { error: 'invalid_grant' } };

describe(GrantService, () => {
  const [old, current] = ['old', 'new'].map((id) => ({ id, bytes: randomBytes(32) }));
  let database: TestDatabase;
  let dataSource: DataSource;
  let google: Server;
  let asked: { path: string; form: Form }[];
  let answer: (form: Form) => TokenResponse | Promise<TokenResponse>;
  let mailboxes = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({
      ...dataSourceOptions(database.url),
      entities: [GrantEntity, MailboxEntity],
      poolSize: 10,
    }).initialize();
    google = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(text));
        asked.push({ path: request.url!, form });
        void Promise.resolve(answer(form)).then(({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        );
      });
    });
    await new Promise<void>((ready) => google.listen(0, '127.0.0.1', ready));
  });
  afterAll(async () => {
    google.closeAllConnections();
    await new Promise((closed) => google.close(closed));
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(() => {
    asked = [];
    answer = () => issued('fresh');
  });

  /** What one replica runs. */
  function replica(keyring = new Keyring([current!, old!])): GrantService {
    const settings = {
      clientId: 'client',
      clientSecret: 'client-secret',
      origin: `http://127.0.0.1:${(google.address() as AddressInfo).port}`,
      gmailScopes: [READ],
      pushTopic: '',
      revokeUnusableConsents: false,
    };
    const server = { port: 0, host: '', publicUrl: 'http://localhost', logLevel: 'silent' };
    return new GrantService(
      dataSource.getRepository(GrantEntity),
      new GoogleOauthClient(settings, server),
      keyring,
      new LeaseService(new LeaseStore(dataSource)),
      new MailboxService(dataSource.getRepository(MailboxEntity), new MailboxStore(dataSource)),
    );
  }

  async function stored(refreshToken: string, lifetime: number, by = replica()): Promise<string> {
    const id = `mbx_${++mailboxes}`;
    await dataSource.query(`INSERT INTO mailboxes (id, email_address, status) VALUES ($1, $2, 'active')`, [
      id,
      `${id}@example.com`,
    ]);
    await by.store(dataSource.manager, id, tokens(refreshToken, lifetime));
    return id;
  }
  const tokens = (refreshToken: string, lifetime: number) => ({
    accessToken: 'stored',
    accessTokenExpiresAt: new Date(Date.now() + lifetime),
    refreshToken,
    scopes: [READ],
  });
  const row = (mailboxId: string) => dataSource.getRepository(GrantEntity).findOneByOrFail({ mailboxId });

  it('gives the stored token while it lives, without asking Google', async () => {
    const id = await stored('r', HOUR_MS);
    expect(await replica().accessToken(id)).toBe('stored');
    expect(asked).toEqual([]);
  });

  it('refreshes a token that has run out, and stores the new one', async () => {
    const id = await stored('refresh-1', -1);
    expect(await replica().accessToken(id)).toBe('fresh');
    expect(await replica().accessToken(id)).toBe('fresh');
    expect(asked).toEqual([
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
    expect(asked).toHaveLength(1);
  });

  it('replaces a token that Gmail rejected, once for all workers that hold it', async () => {
    const id = await stored('r', HOUR_MS);
    const given = await Promise.all([replica(), replica()].map((one) => one.accessToken(id, 'stored')));
    expect(given).toEqual(['fresh', 'fresh']);
    expect(await replica().accessToken(id, 'stored')).toBe('fresh');
    expect(asked).toHaveLength(1);
  });

  it('takes invalid_grant for the end of the grant', async () => {
    const id = await stored('r', -1);
    answer = () => refused;
    await expect(replica().accessToken(id)).rejects.toMatchObject({ reason: 'invalid_grant' });
  });

  it('does not condemn a grant that was replaced while the old one was refused', async () => {
    const id = await stored('revoked', -1);
    answer = async ({ refresh_token }) => {
      if (refresh_token !== 'revoked') return issued('of the new grant');
      await replica().store(dataSource.manager, id, tokens('reconnected', -1));
      return refused;
    };
    expect(await replica().accessToken(id)).toBe('of the new grant');
  });

  it('does not overwrite a grant that was replaced while the old one was refreshed', async () => {
    const id = await stored('before', -1);
    answer = async () => {
      await replica().store(dataSource.manager, id, tokens('reconnected', HOUR_MS));
      return issued('of the old grant');
    };
    expect(await replica().accessToken(id)).toBe('stored');
    await replica().revoke(id);
    expect(asked.at(-1)).toEqual({ path: '/revoke', form: { token: 'reconnected' } });
  });

  it.each([
    [503, { error: 'backend_error' }, TokenEndpointUnavailableError],
    [429, { error: 'rate_limit_exceeded' }, TokenEndpointUnavailableError],
    [401, { error: 'invalid_client' }, OauthClientError],
  ])('takes a %d for a passing failure that gives no secret away', async (status, body, kind) => {
    const id = await stored('the-refresh-token', -1);
    answer = () => ({ status, body });
    const error: unknown = await replica()
      .accessToken(id)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ retryable: true });
    expect(describeError(error)).not.toMatch(/the-refresh-token|client-secret/);
    answer = () => issued('fresh');
    expect(await replica().accessToken(id)).toBe('fresh');
  });

  it('says that a grant without any Gmail scope is of no use', async () => {
    const id = await stored('r', -1);
    answer = () => issued('fresh', { scope: 'openid email' });
    await expect(replica().accessToken(id)).rejects.toMatchObject({ reason: 'insufficient_scope' });
  });

  it('says that a mailbox without a grant needs a new one', async () => {
    await expect(replica().accessToken('mbx_none')).rejects.toBeInstanceOf(GrantDeadError);
  });

  it('keeps a refresh token that Google rotated', async () => {
    const id = await stored('first', -1);
    answer = () => issued('fresh', { refresh_token: 'second' });
    await replica().accessToken(id);
    await replica().accessToken(id, 'fresh');
    expect(asked.map(({ form }) => form.refresh_token)).toEqual(['first', 'second']);
  });

  it('stores neither token in clear text', async () => {
    const id = await stored('secret-refresh', HOUR_MS);
    const [grant] = await dataSource.query<[{ text: string }]>(
      'SELECT g::text AS text FROM grants g WHERE mailbox_id = $1',
      [id],
    );
    expect(grant.text).not.toMatch(/secret-refresh|stored/);
  });

  it('moves a grant to the first key when it refreshes', async () => {
    const id = await stored('r', -1, replica(new Keyring([old!])));
    expect((await row(id)).refreshToken).toMatch(/^old:/);
    await replica().accessToken(id);
    expect(await row(id)).toMatchObject({
      refreshToken: expect.stringMatching(/^new:/),
      accessToken: expect.stringMatching(/^new:/),
    });
    expect(await replica(new Keyring([current!])).accessToken(id)).toBe('fresh');
  });

  it('tells that a key is missing, and works again with it', async () => {
    const id = await stored('r', HOUR_MS, replica(new Keyring([old!])));
    const error: unknown = await replica(new Keyring([current!]))
      .accessToken(id)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GrantUnreadableError);
    expect(error).toMatchObject({ retryable: true });
    expect(await replica().accessToken(id)).toBe('stored');
  });

  it('sends the token to revoke in the body, and takes a dead grant for a revoked one', async () => {
    const id = await stored('r', HOUR_MS);
    answer = () => ({ status: 400, body: { error: 'invalid_token' } });
    await replica().revoke(id);
    expect(asked).toEqual([{ path: '/revoke', form: { token: 'r' } }]);
  });

  it('does not take a failure for a revoked grant', async () => {
    const id = await stored('r', HOUR_MS);
    answer = () => ({ status: 503, body: {} });
    await expect(replica().revoke(id)).rejects.toBeInstanceOf(TokenEndpointUnavailableError);
  });

  it('tells the scopes of many mailboxes at once, and forgets an erased grant', async () => {
    const [one, two] = [await stored('r', HOUR_MS), await stored('r', HOUR_MS)];
    await replica().erase(dataSource.manager, two);
    expect(await replica().scopes([one, two])).toEqual(new Map([[one, [READ]]]));
  });
});
