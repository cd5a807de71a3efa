import { Client, type ClientConfig } from 'pg';

/**
 * A connection of the pool. One that breaks while it passes from the pool to TypeORM has nobody who listens, and an
 * `error` event that nobody listens to ends the process. Whoever uses the connection next is told by its statement.
 */
export class PoolClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
