import type { LocalGoogle } from '../../../src/local-google/local-google';
import { ChangeLedger, type ReceivedEvent } from '../../support/sync/change-ledger';

/** One of the two programs that are compared, with mailboxes of its own in the same local Google. */
export interface Side {
  name: string;
  traffic: Traffic;
  /** The CPU time that it has used so far (ms): the program's own, and that of its PostgreSQL. */
  cpu: () => { program: number; postgres: number };
  /** Its resident memory now, in bytes. */
  memory: () => Promise<number>;
}

/** The mail of one side's mailboxes, and what its receiver has got of it. */
export class Traffic {
  readonly ledger: ChangeLedger;
  private next = 0;
  private onReceived: () => void = () => {};

  constructor(
    private readonly google: LocalGoogle,
    readonly addresses: readonly string[],
  ) {
    this.ledger = new ChangeLedger(google);
  }

  /** A mail to the next mailbox in turn. */
  deliver(): void {
    const address = this.addresses[this.next % this.addresses.length]!;
    this.next += 1;
    this.ledger.make(address, () => this.google.deliver(address, { subject: `Mail ${this.next}` }));
  }

  receive(event: ReceivedEvent): void {
    if (this.ledger.receive(event).latencyMs !== undefined) this.onReceived();
  }

  /** Until the returned function is called, a mail that has been received is followed by another one. */
  keepUnderWay(count: number): () => void {
    this.onReceived = () => this.deliver();
    for (let i = 0; i < count; i += 1) this.deliver();
    return () => (this.onReceived = () => {});
  }
}
