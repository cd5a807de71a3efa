import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PeriodicRun } from '../background/periodic-run';
import { ReencryptionService } from './reencryption.service';

/** How often, in milliseconds, is looked: while replicas restart one by one, those with older settings still write. */
const EVERY = 60_000;

/** Sees to ciphertexts under older keys, at the start and from time to time. */
@Injectable()
export class ReencryptionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looking;

  constructor(reencryption: ReencryptionService) {
    this.looking = new PeriodicRun(
      (signal) => reencryption.look(signal),
      new Logger(ReencryptionJob.name),
      'cannot look for older keys now; the next look will',
    );
  }

  onApplicationBootstrap(): void {
    this.look();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  @Interval(EVERY)
  look(): void {
    this.looking.begin();
  }
}
