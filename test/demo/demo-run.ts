import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../../src/local-google/seeded-random';
import type { VerifiedDelivery } from '../support/delivery/verifying-receiver';
import { ChangeGenerator } from './change-generator';
import { eventLine } from './event-line';
import { ADDRESSES, type DemoSetup } from './demo-setup';
import { header } from './texts';

/** Between two changes: few with `--count`, else as in busy mailboxes. */
const COUNTED_INTERVAL_MS = [150, 150] as const;
const USUAL_INTERVAL_MS = [1_000, 3_000] as const;
/** How long changes may be under way when the last is made: long with `--count`, where a missing one is a failure. */
const TIMEOUT_MS = { counted: 30_000, interrupted: 3_000 };
/** After the last event: one that comes twice would come within it. */
const DUPLICATE_WAIT_MS = 500;

/** Writes the header, makes changes, and writes a line for each event, until there were enough. */
export class DemoRun {
  private readonly random = new SeededRandom(Date.now());
  private readonly subjects = new Map<string, string>();
  private readonly over = new AbortController();

  constructor(
    private readonly setup: DemoSetup,
    private readonly interrupted: AbortSignal,
  ) {
    void setup.program.ended.then(() => this.over.abort());
    interrupted.addEventListener('abort', () => this.over.abort());
    if (interrupted.aborted) this.over.abort();
  }

  async run(count: number | undefined): Promise<void> {
    const { setup } = this;
    const apiKey = await setup.open((delivery) => this.show(delivery));
    if (!setup.isUsualPort) console.log(`The usual port is taken: the gateway listens on ${setup.port}.`);
    console.log(header({ ...setup.places, apiKey }));
    await setup.connect();
    await this.makeChanges(count);
    await this.waitForTheRest(count === undefined ? TIMEOUT_MS.interrupted : TIMEOUT_MS.counted);
    if (setup.program.endedWith !== undefined) throw new Error('The gateway is gone.');
  }

  private async makeChanges(count = Infinity): Promise<void> {
    const { google, ledger } = this.setup;
    const generator = new ChangeGenerator(google, ledger, ADDRESSES, this.random);
    const [shortest, longest] = count === Infinity ? USUAL_INTERVAL_MS : COUNTED_INTERVAL_MS;
    while (!this.over.signal.aborted && ledger.made < count) {
      generator.next(count - ledger.made);
      await this.pause(this.random.between(shortest, longest));
    }
  }

  private async waitForTheRest(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + (this.interrupted.aborted ? TIMEOUT_MS.interrupted : timeoutMs);
    const { ledger, program } = this.setup;
    while (ledger.missing > 0 && Date.now() < deadline && program.endedWith === undefined) await delay(20);
    await this.pause(DUPLICATE_WAIT_MS);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }

  private show(delivery: VerifiedDelivery): void {
    console.log(eventLine(delivery, this.subjects));
  }
}
