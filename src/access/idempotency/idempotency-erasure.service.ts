import { Injectable } from '@nestjs/common';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { type ErasedMailbox, KeptData } from '../../erasure/kept-data';
import { setTimeout as delay } from 'node:timers/promises';
import { IdempotencyErasureStore, type KeptAnswer } from './idempotency-erasure.store';
import { namesMailbox } from './names-mailbox';

const PAUSE_MS = 20;

/** Deletes the kept answers that say something of a mailbox which is erased. They are encrypted: each is read. */
@Injectable()
export class IdempotencyErasureService {
  constructor(
    private readonly store: IdempotencyErasureStore,
    private readonly keyring: Keyring,
    kept: KeptData,
  ) {
    kept.addStep('rest', (mailbox, signal) => this.erase(mailbox, signal));
  }

  private async erase(mailbox: ErasedMailbox, signal: AbortSignal): Promise<void> {
    await this.store.deleteOf(mailbox.id);
    let answers = await this.store.after(undefined);
    while (answers.length > 0) {
      const naming = answers.filter(({ key, ...answer }) =>
        [key, this.textOf(answer)].some((text) => namesMailbox(text, mailbox)),
      );
      await this.store.delete(naming.map(({ id }) => id));
      await delay(PAUSE_MS, undefined, { signal });
      answers = await this.store.after(answers.at(-1)!.id);
    }
  }

  /** What was encrypted with a key that is there no more can be read by nobody. */
  private textOf({ id, body }: Omit<KeptAnswer, 'key'>): string {
    try {
      return body === null ? '' : this.keyring.decrypt(body, id);
    } catch (error) {
      if (error instanceof UndecipherableError) return '';
      throw error;
    }
  }
}
