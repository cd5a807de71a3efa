import { Injectable, Logger } from '@nestjs/common';
import { LogLagStore, type OpenTransaction } from './log-lag.store';

/** From when on it is not a long transaction any more but a fault that somebody should see to. */
export const MAX_LAG_SECONDS = 15;

export interface LogLag {
  seconds: number;
  /** Who has kept the log from being shown, once that lasts too long. */
  transaction: OpenTransaction | undefined;
}

/**
 * Watches whether the log is shown. A writing transaction anywhere on the server, in another database too, hides what is
 * committed after its begin: the list and the streams stand still while webhooks go on.
 */
@Injectable()
export class LogLagService {
  private readonly logger = new Logger(LogLagService.name);
  private isReported = false;

  constructor(private readonly store: LogLagStore) {}

  async read(): Promise<LogLag> {
    const seconds = await this.store.seconds();
    const transaction = seconds < MAX_LAG_SECONDS ? undefined : await this.store.oldestTransaction();
    return { seconds, transaction };
  }

  /** Says in the log, once for each time, that the log is not shown, and because of whom. */
  async report(): Promise<void> {
    const { seconds, transaction } = await this.read();
    const isLate = seconds >= MAX_LAG_SECONDS;
    if (isLate === this.isReported) return;
    this.isReported = isLate;
    if (isLate)
      this.logger.warn(
        { seconds: Math.round(seconds), ...transaction },
        explainLag({ seconds, transaction }),
      );
    else this.logger.log('events are shown again');
  }
}

/** What is wrong, and what to do about it. Names nothing of the session but its process id. */
export function explainLag({ seconds, transaction }: LogLag): string {
  const shown = `Events have not been shown for ${Math.round(seconds)} s`;
  if (transaction?.pid != null)
    return `${shown}: the session with process id ${transaction.pid} has a transaction open. Let it end, or end it: SELECT pg_terminate_backend(${transaction.pid}).`;
  if (transaction?.preparedAs != null)
    return `${shown}: a prepared transaction is open. See pg_prepared_xacts, and COMMIT PREPARED or ROLLBACK PREPARED it.`;
  return `${shown}: a transaction of another session was open, which has just ended.`;
}
