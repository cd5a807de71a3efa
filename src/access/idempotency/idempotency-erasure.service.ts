import { Injectable } from '@nestjs/common';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { inBatches } from '../../erasure/in-batches';
import { type ErasedMailbox, KeptData } from '../../erasure/kept-data';
import { IdempotencyErasureStore, type KeptAnswer } from './idempotency-erasure.store';
import { namesMailbox } from './names-mailbox';

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
    let last: string | undefined;
    await inBatches(signal, async () => {
      const answers = await this.store.after(last);
      const naming = answers.filter(({ key, ...answer }) =>
        [key, this.textOf(answer)].some((text) => namesMailbox(text, mailbox)),
      );
      await this.store.delete(naming.map(({ id }) => id));
      last = answers.at(-1)?.id;
      return answers.length;
    });
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
