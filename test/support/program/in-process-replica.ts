import { secretsOf } from '../../../src/config/secrets-of';
import { validateEnvironment } from '../../../src/config/validate-environment';
import { PinoLogger } from '../../../src/observability/pino.logger';
import { type Service, startService } from '../../../src/service';
import { ApiClient } from '../api-client';
import { API_KEY } from './local-setup';

/**
 * A replica of the service in the process of the test. It shares nothing with the others but the database, as if it had a
 * process of its own, and starts in a fraction of the time. What is to be killed needs a process: see `TestCluster.start`.
 */
export class InProcessReplica {
  readonly api: ApiClient;
  hasEnded = false;

  private constructor(
    private readonly service: Service,
    private readonly log: string[],
  ) {
    this.api = new ApiClient(service.address, API_KEY);
  }

  static async start(environment: Record<string, string>): Promise<InProcessReplica> {
    const variables = validateEnvironment(environment);
    const log: string[] = [];
    const destination = { write: (line: string) => void log.push(line) };
    const logger = new PinoLogger(variables.LOG_LEVEL, destination, secretsOf(variables));
    return new InProcessReplica(await startService(variables, undefined, logger), log);
  }

  get origin(): string {
    return this.service.address;
  }

  /** What it has logged so far. */
  get output(): string {
    return this.log.join('');
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    await this.service.stop();
  }
}
