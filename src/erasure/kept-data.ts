import { Injectable } from '@nestjs/common';

/** A mailbox that is being erased, and all that it was known by. */
export interface ErasedMailbox {
  id: string;
  /** In lower case, in every spelling. */
  emailAddresses: string[];
  externalIds: string[];
  /** When it was asked for: what is newer may be of a new mailbox of the same account. */
  requestedAt: Date;
}

/** Rows that are kept of a mailbox, and leave with it. */
export interface KeptRows {
  table: string;
  /** A condition in SQL; `$1` is the id of the mailbox. Never from outside. */
  where: string;
}

/**
 * Erases what is kept at one place, in batches that are short: what others append while a transaction writes is hidden until
 * it ends. It may be interrupted at any moment and called again.
 *
 * @returns when nothing is left there
 * @throws when `signal` is aborted
 */
export type EraseKept = (mailbox: ErasedMailbox, signal: AbortSignal) => Promise<void>;

/** In this order: what waits is given up while its events can still be read, and what reports on events is cut behind them. */
export const ERASURE_PHASES = ['deliveries', 'events', 'rest'] as const;
export type ErasurePhase = (typeof ERASURE_PHASES)[number];

/** What the modules keep of a mailbox: each names its own, so that an erasure reaches all of it. */
@Injectable()
export class KeptData {
  private readonly steps: { phase: ErasurePhase; erase: EraseKept }[] = [];
  private readonly tables: KeptRows[] = [];

  /** Call before the application has started. */
  addRows(...rows: KeptRows[]): void {
    this.tables.push(...rows);
  }

  /** Call before the application has started. */
  addStep(phase: ErasurePhase, erase: EraseKept): void {
    this.steps.push({ phase, erase });
  }

  /** In the order in which they were added. */
  rows(): readonly KeptRows[] {
    return this.tables;
  }

  stepsOf(wanted: ErasurePhase): EraseKept[] {
    return this.steps.filter(({ phase }) => phase === wanted).map(({ erase }) => erase);
  }
}
