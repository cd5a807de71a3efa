import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import type { GmailApiError } from '../gmail.errors';
import { MAX_WAIT_IN_PLACE_MS } from '../quota/patience';

/** How often in a row nothing may be read before the refusal is thrown. */
export const MAX_FAILURES = 3;

/** The waits before what Google refused is asked for again, where Google names no time. */
@Injectable()
export class RefusalWait {
  minRetryMs = 500;
  minProjectRetryMs = 5_000;
  maxRetryMs = 30_000;

  /**
   * Waits until what was refused is asked for again.
   *
   * @param failures how often in a row nothing was read at all
   * @throws the refusal when Google wants to be left alone for longer than work waits where it is
   */
  async after(refusal: GmailApiError, failures: number, signal?: AbortSignal): Promise<void> {
    const { retryAt, ofProject } = refusal.details;
    const min = ofProject ? this.minProjectRetryMs : this.minRetryMs;
    const waitMs = retryAt ? retryAt.getTime() - Date.now() : backoff(failures + 1, min, this.maxRetryMs);
    if (waitMs > MAX_WAIT_IN_PLACE_MS) throw refusal;
    await delay(Math.max(0, waitMs), undefined, { signal });
  }
}
