import type { LoggerService } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { describeError } from '../../common/describe-error';
import type { EmbeddedPostgres } from './embedded-postgres';

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 10_000;
const CONTEXT = 'EmbeddedPostgres';

/**
 * Starts the embedded PostgreSQL again when it has ended, for as long as the service runs: nobody else would. One idle
 * connection notices its end at once.
 */
export class EmbeddedPostgresSupervisor {
  private readonly stopping = new AbortController();
  private client: Client | undefined;
  private watching: Promise<void>;

  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly logger: LoggerService,
  ) {
    this.watching = this.watch();
  }

  static supervise(server: EmbeddedPostgres, logger: LoggerService): EmbeddedPostgresSupervisor {
    return new EmbeddedPostgresSupervisor(server, logger);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.client?.end().catch(() => undefined);
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.untilItEnds(() => {
          if (failures > 0) this.logger.log('the embedded PostgreSQL is back', CONTEXT);
          failures = 0;
        });
      } catch (error) {
        if (!signal.aborted) await this.revive(error, failures);
      }
    }
  }

  /** @throws when the connection cannot be made, or has ended */
  private async untilItEnds(connected: () => void): Promise<void> {
    const { url } = this.server;
    const client = (this.client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 }));
    const ended = new Promise<never>((_, reject) => {
      client.on('error', reject).on('end', () => reject(new Error('the connection was closed')));
    });
    await Promise.race([client.connect(), ended]);
    connected();
    await ended;
  }

  private async revive(cause: unknown, failures: number): Promise<void> {
    if (failures === 0)
      this.logger.warn(
        { error: describeError(cause) },
        'the embedded PostgreSQL has ended; starting it',
        CONTEXT,
      );
    try {
      await this.server.revive();
    } catch (error) {
      // What is left of the one before may be in the way for a moment; later a person has to act.
      const level = failures < 3 ? 'warn' : 'error';
      this.logger[level]({ error: describeError(error) }, 'the embedded PostgreSQL does not start', CONTEXT);
    }
    const wait = failures === 0 ? 0 : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
