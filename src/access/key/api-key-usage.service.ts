import { Injectable, Logger } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import { describeError } from '../../common/describe-error';
import { ApiKeyStore } from './api-key.store';

/** How often the use of a key is written at most: a little over the minute that the store counts. */
const WRITE_INTERVAL_MS = 61_000;

/** Records when keys were last used, without making their requests wait. */
@Injectable()
export class ApiKeyUsage {
  private readonly logger = new Logger(ApiKeyUsage.name);
  private readonly writtenAt = new Map<string, number>();
  private readonly writes = new Batcher<string>((ids) => this.store.markUsed(ids));

  constructor(private readonly store: ApiKeyStore) {}

  record(id: string): void {
    const now = performance.now();
    if (now - (this.writtenAt.get(id) ?? -Infinity) < WRITE_INTERVAL_MS) return;
    this.writtenAt.set(id, now);
    this.writes.add(id).catch((error: unknown) => {
      this.writtenAt.delete(id);
      this.logger.debug({ keyId: id, error: describeError(error) }, 'the use of a key was not recorded');
    });
  }
}
