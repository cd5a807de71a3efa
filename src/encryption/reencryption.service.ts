import { Injectable, Logger } from '@nestjs/common';
import { Keyring, UndecipherableError } from '../common/keyring';
import { type EncryptedTable, EncryptedTables } from './encrypted-tables';
import { classifyKeys, type KeyState } from './key-state';
import { type EncryptedRow, ReencryptionStore } from './reencryption.store';

/** Rows in one transaction: few enough to keep nobody waiting. */
const BATCH_SIZE = 200;

/**
 * Moves everything that is encrypted to the first key, so that older ones can be retired; and knows whether they can.
 * Any number of replicas may do it at once: each takes the rows that nobody else is at.
 */
@Injectable()
export class ReencryptionService {
  private readonly logger = new Logger(ReencryptionService.name);
  private last: KeyState = { kind: 'settled', detail: null, remedy: null };

  constructor(
    private readonly tables: EncryptedTables,
    private readonly store: ReencryptionStore,
    private readonly keyring: Keyring,
  ) {}

  /** What the last run found. */
  get state(): KeyState {
    return this.last;
  }

  /** Looks through every table once, and encrypts anew what is under an older key. */
  async run(signal: AbortSignal): Promise<void> {
    let state = await this.survey();
    if (this.keyring.keyIds.length > 1 && state.kind !== 'retirable') {
      for (const table of this.tables.all()) await this.move(table, signal);
      state = await this.survey();
    }
    this.report(state);
    this.last = state;
  }

  private async survey(): Promise<KeyState> {
    const { keyIds } = this.keyring;
    const uses = await Promise.all(this.tables.all().map((table) => this.store.uses(table, keyIds[0]!)));
    return classifyKeys(uses.flat(), keyIds);
  }

  /** From the first row to the last, and not until none is left: a replica with other settings may be moving them back. */
  private async move(table: EncryptedTable, signal: AbortSignal): Promise<void> {
    const older = this.keyring.keyIds.slice(1);
    let after: string | undefined;
    let moved = 0;
    do {
      const batch = await this.store.moveSome(table, older, after, BATCH_SIZE, (row) =>
        this.encryptAnew(table, row),
      );
      moved += batch.moved;
      after = batch.last;
    } while (after !== undefined && !signal.aborted);
    if (moved > 0)
      this.logger.log(
        { secrets: table.name, moved, keyId: this.keyring.keyIds[0] },
        'encrypted anew with the first key',
      );
  }

  private encryptAnew({ name }: EncryptedTable, { id, owner, secrets }: EncryptedRow) {
    const anew = (text: string | null) =>
      text === null ? null : this.keyring.encrypt(this.keyring.decrypt(text, owner), owner);
    try {
      return Object.fromEntries(Object.entries(secrets).map(([column, text]) => [column, anew(text)]));
    } catch (error) {
      if (!(error instanceof UndecipherableError)) throw error;
      this.logger.warn({ secrets: name, id }, `cannot be encrypted anew: ${error.message}`);
      return undefined;
    }
  }

  /** Once for each change. */
  private report({ kind, detail, remedy }: KeyState): void {
    if (detail === null || detail === this.last.detail) return;
    if (kind === 'missing') this.logger.error({ outcome: kind }, `${detail} ${remedy}`);
    else this.logger.log({ outcome: kind }, `${detail} ${remedy}`);
  }
}
