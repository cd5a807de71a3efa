import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import { inBatches } from '../../erasure/in-batches';
import { KeptData } from '../../erasure/kept-data';
import { CursorBacklogStore } from './cursor-backlog.store';
import { DeliveryErasureStore } from './delivery-erasure.store';

/** For so long what is being delivered, such as `mailbox.disconnected`, may still arrive at endpoints that do well. */
const MAX_BACKLOG_WAIT_MS = 2_000;

/** An attempt under way is waited for, and not longer than one takes. */
const MAX_ATTEMPT_WAIT_MS = 20_000;
const POLL_INTERVAL_MS = 100;
const CHUNK = 500;

/** Erases what is kept of the deliveries of a mailbox: what waits is dead, and of attempts only their outcome is left. */
@Injectable()
export class DeliveryErasureService {
  constructor(
    private readonly store: DeliveryErasureStore,
    private readonly backlog: CursorBacklogStore,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'missed_events', where: 'mailbox_id = $1' });
    kept.addStep('deliveries', ({ id }, signal) => this.giveUp(id, signal));
    kept.addStep('rest', ({ id }, signal) => this.cutAnswers(id, signal));
  }

  private async giveUp(mailboxId: string, signal: AbortSignal): Promise<void> {
    await poll(signal, MAX_BACKLOG_WAIT_MS, async () => (await this.backlog.of(mailboxId)) === 0);
    await this.giveUpWaiting(mailboxId, signal);
    await poll(signal, MAX_ATTEMPT_WAIT_MS, async () => !(await this.store.isBusy(mailboxId)));
    await this.store.takeClaims(mailboxId);
    // What was under way has failed, and would wait for its next attempt.
    await this.giveUpWaiting(mailboxId, signal);
  }

  private async giveUpWaiting(mailboxId: string, signal: AbortSignal): Promise<void> {
    await inBatches(signal, () => this.store.giveUpAtCursor(mailboxId));
    await inBatches(signal, () => this.store.giveUpParked(mailboxId));
  }

  /** Of a replay, say, that began before the events were erased: what its attempts bring after this is not recorded. */
  private async cutAnswers(mailboxId: string, signal: AbortSignal): Promise<void> {
    await poll(signal, MAX_ATTEMPT_WAIT_MS, async () => !(await this.store.isBusy(mailboxId)));
    await this.store.takeClaims(mailboxId);
    await inBatches(signal, async () => {
      const found = await this.store.withAnswers(mailboxId);
      for (const some of inChunks(found, CHUNK)) await this.store.cutAnswers(some);
      return found.length;
    });
  }
}

/** Waits until it holds, and no longer. */
async function poll(signal: AbortSignal, timeout: number, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + timeout;
  while (!(await holds()) && performance.now() < end) await delay(POLL_INTERVAL_MS, undefined, { signal });
}
