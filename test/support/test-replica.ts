import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { newId } from '../../src/common/id';
import { PinoLogger } from '../../src/observability/pino.logger';
import { EventLogService } from '../../src/event/log/event-log.service';
import type { EventType, NewEvent } from '../../src/event/event.types';
import { startService, type Service } from '../../src/service';
import type { AnyResponseBody, EndpointWithSecret, Method } from './api-types';
import { API_KEY, FEW_CONNECTIONS, GOOGLE_SETTINGS, SECRETS } from './program/local-setup';
import { validateEnvironment } from '../../src/config/validate-environment';

export { API_KEY };

/** The settings of a service that reaches no Google, without its database. */
export const SETTINGS = { ...GOOGLE_SETTINGS, ...SECRETS, ...FEW_CONNECTIONS, PORT: '0' };

/**
 * One replica of the whole service on a test database, without a Google: for tests of the log, the stream and deliveries,
 * which append their events directly. `createTestApp` is for whatever needs a mailbox that is connected.
 */
export class TestReplica {
  private constructor(private readonly service: Service) {}

  /** @param logs takes every line that it logs */
  static async start(
    databaseUrl: string,
    environment: Record<string, string> = {},
    logs?: string[],
  ): Promise<TestReplica> {
    const variables = validateEnvironment({ ...SETTINGS, DATABASE_URL: databaseUrl, ...environment });
    const logger = logs
      ? new PinoLogger('debug', { write: (line) => void logs.push(line) })
      : new PinoLogger('silent');
    return new TestReplica(await startService(variables, undefined, logger));
  }

  get application(): NestFastifyApplication {
    return this.service.application;
  }

  /** Where it listens. */
  get address(): string {
    return this.service.address;
  }

  /** Asks the API, and gives its status and its body. */
  async api<const M extends Exclude<Method, 'PUT'>, const P extends string>(
    method: M,
    path: P,
    payload?: object,
  ): Promise<{ status: number; body: AnyResponseBody<M, P> }> {
    const headers = { authorization: `Bearer ${API_KEY}` };
    const response = await this.application.inject({
      method,
      url: path,
      headers,
      ...(payload && { payload }),
    });
    const body = response.body ? response.json<unknown>() : undefined;
    return { status: response.statusCode, body: body as AnyResponseBody<M, P> };
  }

  /** Registers an endpoint. */
  async endpoint(url: string, fields: object = {}): Promise<EndpointWithSecret> {
    const { status, body } = await this.api('POST', '/v1/endpoints', { url, ...fields });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  /** Deletes every endpoint. */
  async deleteEndpoints(): Promise<void> {
    const { body } = await this.api('GET', '/v1/endpoints?limit=500');
    for (const { id } of body.data) await this.api('DELETE', `/v1/endpoints/${id}`);
  }

  /** Appends so many events to the mailbox, in a transaction of their own. */
  async append(mailbox: TestMailbox, count = 1, type: EventType = 'message.deleted'): Promise<void> {
    const events = Array.from({ length: count }, (_, n): NewEvent => ({ type, data: { n } }));
    await this.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, (transaction) => transaction.append(events));
  }

  stop(): Promise<void> {
    return this.service.stop();
  }
}

export interface TestMailbox {
  id: string;
  emailAddress: string;
  externalId: string | null;
}

/** A mailbox that is simply there, without a grant or a watch. */
export async function insertMailbox(dataSource: DataSource, id = newId('mbx')): Promise<TestMailbox> {
  const mailbox = { id, emailAddress: `${id}@example.com`, externalId: null };
  await dataSource.query(`INSERT INTO mailboxes (id, email_address, status) VALUES ($1, $2, 'active')`, [
    id,
    mailbox.emailAddress,
  ]);
  return mailbox;
}
