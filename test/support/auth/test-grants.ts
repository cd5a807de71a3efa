import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { DelegationClient } from '../../../src/auth/delegation.client';
import { GoogleOauthClient } from '../../../src/auth/google-oauth.client';
import { GrantEntity } from '../../../src/auth/grant.entity';
import { GrantService } from '../../../src/auth/grant.service';
import { Keyring } from '../../../src/common/keyring';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { LeaseService } from '../../../src/database/lease.service';
import { LeaseStore } from '../../../src/database/lease.store';
import { MailboxEntity } from '../../../src/mailbox/mailbox.entity';
import { MailboxService } from '../../../src/mailbox/mailbox.service';
import { MailboxStore } from '../../../src/mailbox/mailbox.store';
import { createTestDatabase, type TestDatabase } from '../database/database';

export const READ = 'https://www.googleapis.com/auth/gmail.readonly';
export const HOUR_MS = 3_600_000;
export const [OLD_KEY, KEY] = ['old', 'new'].map((id) => ({ id, bytes: randomBytes(32) })) as [Key, Key];

type Key = ConstructorParameters<typeof Keyring>[0][number];
type Form = Record<string, string>;
type TokenResponse = { status: number; body: object };

export const issued = (accessToken: string, more: object = {}): TokenResponse => ({
  status: 200,
  body: { access_token: accessToken, expires_in: 3599, scope: READ, ...more },
});
export const refused: TokenResponse = { status: 400, body: { error: 'invalid_grant' } };

export const tokens = (refreshToken: string, lifetime: number, accessToken = 'stored') => ({
  accessToken,
  accessTokenExpiresAt: new Date(Date.now() + lifetime),
  refreshToken,
  scopes: [READ],
});

/** The grants of several replicas on one database, and a token endpoint that answers what the test says. */
export class TestGrants {
  asked: { path: string; form: Form }[] = [];
  answer: (form: Form) => TokenResponse | Promise<TokenResponse> = () => issued('fresh');
  private mailboxes = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
    private readonly google: Server,
  ) {
    google.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(text));
        this.asked.push({ path: request.url!, form });
        void Promise.resolve(this.answer(form)).then(({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        );
      });
    });
  }

  static async create(): Promise<TestGrants> {
    const database = await createTestDatabase();
    const dataSource = await new DataSource({
      ...dataSourceOptions(database.url),
      entities: [GrantEntity, MailboxEntity],
      poolSize: 10,
    }).initialize();
    const google = createServer();
    await new Promise<void>((ready) => google.listen(0, '127.0.0.1', ready));
    return new TestGrants(database, dataSource, google);
  }

  async close(): Promise<void> {
    this.google.closeAllConnections();
    await new Promise((closed) => this.google.close(closed));
    await this.dataSource.destroy();
    await this.database.drop();
  }

  reset(): void {
    this.asked = [];
    this.answer = () => issued('fresh');
  }

  /** What one replica runs. */
  replica(
    keyring = new Keyring([KEY, OLD_KEY]),
    repository = this.dataSource.getRepository(GrantEntity),
  ): GrantService {
    const settings = {
      clientId: 'client',
      clientSecret: 'client-secret',
      origin: `http://127.0.0.1:${(this.google.address() as AddressInfo).port}`,
      gmailScopes: [READ],
      pushTopic: '',
      revokeUnusableConsents: false,
    };
    const server = { port: 0, host: '', publicUrl: 'http://localhost', logLevel: 'silent' };
    return new GrantService(
      repository,
      new GoogleOauthClient(settings, server),
      new DelegationClient(settings),
      keyring,
      new LeaseService(new LeaseStore(this.dataSource)),
      new MailboxService(this.dataSource.getRepository(MailboxEntity), new MailboxStore(this.dataSource)),
    );
  }

  /** @returns the id of a new mailbox whose grant has been stored */
  async stored(refreshToken: string, lifetime: number, by = this.replica()): Promise<string> {
    const id = `mbx_${++this.mailboxes}`;
    await this.dataSource.query(
      `INSERT INTO mailboxes (id, email_address, status) VALUES ($1, $2, 'active')`,
      [id, `${id}@example.com`],
    );
    await by.store(this.dataSource.manager, id, tokens(refreshToken, lifetime));
    return id;
  }
}
