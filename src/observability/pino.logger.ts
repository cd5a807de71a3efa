import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { redact } from '../common/redact';
import { logDestination } from './log-destination';

/** What Nest says of its own assembly: of interest to whoever changes it, not to whoever runs it. */
const ASSEMBLY = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** What these report as an error is tried again by themselves: the database is away for a moment while the service starts. */
const RETRYING = new Set(['TypeOrmModule']);

/** Nest's logger on pino: one JSON line for each unit of work. `logger.log({fields}, 'sentence')`, or just a sentence. */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  /**
   * @param level one of pino's level names; `silent` for none
   * @param secrets never written, whoever logs them; besides whatever looks like a secret
   */
  constructor(
    level: string,
    destination: { write(line: string): void } = logDestination(),
    secrets: readonly string[] = [],
  ) {
    const hooks = { streamWrite: (line: string) => redact(line, secrets) };
    this.pino = pino({ level, base: null, hooks }, destination);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(ASSEMBLY.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write(RETRYING.has(String(rest.at(-1))) ? 'warn' : 'error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest hands over the message, then what the caller added, then the name of the class that logs. */
  private write(
    level: 'info' | 'warn' | 'error' | 'fatal' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    if (typeof message === 'object' && message !== null) {
      this.pino[level]({ context, ...message }, rest.length > 1 ? String(rest[0]) : '');
    } else {
      this.pino[level]({ context }, String(message));
    }
  }
}
