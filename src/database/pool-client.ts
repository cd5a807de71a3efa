import { Client, type ClientConfig } from 'pg';
import { statementName } from './prepared';

/**
 * How long an answer may take: longer than `statement_timeout`, so that it passes only when the server
 * or the way to it is gone without a word, as after a fail-over to another machine.
 */
const ANSWER_DEADLINE_MS = 12_000;

/**
 * What a connection answers that is of no more use. The server takes no writes: after a fail-over it may still lead to what
 * is a standby now. Or it does not know what was prepared on it (a pooler has given it to others), or a migration has
 * changed what that returns.
 *
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const USELESS_AFTER: ReadonlySet<unknown> = new Set(['25006', '26000', '0A000']);

interface Internals {
  connection: { stream: { destroy(error?: Error): void } };
}

/**
 * A connection that ends no process when it breaks, and is closed when it could not be made. `pg` leaves it open, for instance when it
 * has no password to send: the server then waits a minute for one, and whatever needs the attention of all sessions, such as DROP
 * DATABASE, waits with it.
 */
export class StrictClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // One that breaks while nobody waits for its answer, as on its way from the pool to TypeORM, has nobody who listens, and an
    // `error` event that nobody listens to ends the process. The next statement on the connection fails, and whoever sent it sees that.
    this.on('error', () => undefined);
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): unknown {
    if (callback) return super.connect((error: Error | undefined) => callback(this.closedBy(error)!));
    return super.connect().catch((error: Error) => Promise.reject(this.closedBy(error)!));
  }

  protected destroy(error?: Error): void {
    (this as unknown as Internals).connection.stream.destroy(error);
  }

  private closedBy(error: Error | undefined): Error | undefined {
    if (error) this.destroy();
    return error;
  }
}

/**
 * A connection of the pool, which gives itself up when it can be of no more use, so that the pool makes a new one. `pg`'s
 * own `query_timeout` would leave it in the pool, where every later statement waits behind the one without an answer.
 */
export class PoolClient extends StrictClient {
  constructor(config?: string | ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...parameters: unknown[]) => unknown;
    this.query = ((...parameters: unknown[]) => {
      const answer = query(...named(parameters));
      return isPromise(answer) ? this.watched(answer) : answer;
    }) as typeof this.query;
  }

  private async watched<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.destroy(new Error('Query read timeout')), ANSWER_DEADLINE_MS);
    try {
      return await answer;
    } catch (error) {
      if (USELESS_AFTER.has((error as { code?: unknown }).code)) this.end().catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What is marked as `prepared` runs under its name. */
function named(parameters: unknown[]): unknown[] {
  const [text, values, ...rest] = parameters;
  const name = typeof text === 'string' ? statementName(text) : undefined;
  return name === undefined ? parameters : [{ name, text, values }, undefined, ...rest];
}

/** By its method and not by `instanceof`: a promise of another realm, as within Jest, is one as well. */
function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | undefined)?.then === 'function';
}
