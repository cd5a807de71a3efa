import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { describeError } from '../common/describe-error';
import { ReencryptionService } from './reencryption.service';

/** How often, in milliseconds, is looked: while replicas restart one by one, those with older settings still write. */
const EVERY = 60_000;

/** Sees to ciphertexts under older keys, at the start and from time to time. */
@Injectable()
export class ReencryptionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReencryptionJob.name);
  private readonly abort = new AbortController();
  private run: Promise<void> | undefined;

  constructor(private readonly reencryption: ReencryptionService) {}

  onApplicationBootstrap(): void {
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.run;
  }

  /** A look that takes longer than the interval is not joined by a second one. */
  @Interval(EVERY)
  look(): void {
    if (this.abort.signal.aborted) return;
    this.run ??= this.reencryption
      .look(this.abort.signal)
      .catch((error: unknown) => {
        this.logger.warn(
          { error: describeError(error) },
          'cannot look for older keys now; the next look will',
        );
      })
      .finally(() => (this.run = undefined));
  }
}
