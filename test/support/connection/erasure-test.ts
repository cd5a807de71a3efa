import { Keyring } from '../../../src/common/keyring';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox } from '../api-types';
import { eventually } from '../eventually';
import { createTestApp, type TestApp } from '../test-app';

type Answer = { status: number; body: Record<string, unknown> };

/** A service, a receiver, and what tests of erasures ask of them. */
export class ErasureTest {
  private count = 0;

  private constructor(
    readonly app: TestApp,
    readonly receiver: Receiver,
  ) {}

  static async create(): Promise<ErasureTest> {
    const settings = { ALLOW_PRIVATE_ENDPOINTS: 'true', DELIVERY_RETRY_DELAYS: '200ms,1h' };
    return new ErasureTest(...(await Promise.all([createTestApp(settings), Receiver.start()])));
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.receiver.stop();
  }

  /** A receiver that is content, without endpoints, and an address that nobody has had. */
  async begin(): Promise<string> {
    this.receiver.answer = () => 204;
    this.app.google.faults.clear();
    for (const { id } of (await this.app.api.get('/v1/endpoints')).data)
      await this.app.api.delete(`/v1/endpoints/${id}`, 204);
    this.receiver.received.length = 0;
    return `erased-${++this.count}@example.com`;
  }

  view = (id: string) => this.app.api.get(`/v1/mailboxes/${id}`);
  erase = ({ id }: Mailbox) => this.app.api.delete(`/v1/mailboxes/${id}?erase=true`, 202);
  erased = ({ id }: Mailbox) =>
    eventually(() => this.view(id), { until: ({ status }) => status === 'erased', timeout: 30_000 });
  endpoint = (fields: object = {}) =>
    this.app.api.post('/v1/endpoints', { url: this.receiver.origin, ...fields }, 201);
  received = ({ id }: Mailbox) => this.receiver.received.filter(({ event }) => event.mailbox.id === id);

  /** Whatever it is answered with. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(this.app.service.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.app.environment.API_KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
  }

  /** How many kept answers have a text: they are encrypted. */
  async answersWith(wanted: string): Promise<number> {
    const keyring = new Keyring(
      this.app.environment.ENCRYPTION_KEYS!.split(',').map((key) => {
        const [id, base64] = key.split(':');
        return { id: id!, bytes: Buffer.from(base64!, 'base64') };
      }),
    );
    const rows = await this.app.database.dataSource.query<{ id: string; body: string | null }[]>(
      'SELECT id, body FROM idempotency_keys',
    );
    return rows.filter(({ id, body }) => body !== null && keyring.decrypt(body, id).includes(wanted)).length;
  }
}
