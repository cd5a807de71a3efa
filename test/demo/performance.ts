import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../fakes/google/seeded-random';
import type { VerifiedDelivery } from '../support/delivery/verifying-receiver';
import { eventLine } from './event-line';
import { ADDRESSES, type DemoSetup } from './demo-setup';
import { Story } from './story';
import { header } from './texts';

/** Milliseconds between two changes: in a hurry with `--count`, else as lively mailboxes are. */
const HURRIED = [150, 150] as const;
const LIVELY = [1_000, 3_000] as const;
/** How long changes may be under way when the last is made: long with `--count`, where a missing one is a failure. */
const PATIENCE = { counted: 30_000, interrupted: 3_000 };
/** In which an event that comes twice would show itself. */
const AFTERMATH = 500;

/** What one sees: the header, then mail, and a line for each event, until it is enough. */
export class Performance {
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

  async play(count: number | undefined): Promise<void> {
    const { setup } = this;
    const apiKey = await setup.open((told) => this.show(told));
    if (!setup.isUsualPort) console.log(`The usual port is taken: the gateway listens on ${setup.port}.`);
    console.log(header({ ...setup.places, apiKey }));
    await setup.connect();
    await this.makeChanges(count);
    await this.waitForTheRest(count === undefined ? PATIENCE.interrupted : PATIENCE.counted);
    if (setup.program.endedWith !== undefined) throw new Error('The gateway is gone.');
  }

  private async makeChanges(count = Infinity): Promise<void> {
    const { google, ledger } = this.setup;
    const story = new Story(google, ledger, ADDRESSES, this.random);
    const pace = count === Infinity ? LIVELY : HURRIED;
    while (!this.over.signal.aborted && ledger.made < count) {
      story.next(count - ledger.made);
      await this.pause(this.random.between(pace[0], pace[1]));
    }
  }

  private async waitForTheRest(patience: number): Promise<void> {
    const deadline = Date.now() + (this.interrupted.aborted ? PATIENCE.interrupted : patience);
    const { ledger, program } = this.setup;
    while (ledger.missing > 0 && Date.now() < deadline && program.endedWith === undefined) await delay(20);
    await this.pause(AFTERMATH);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }

  private show(told: VerifiedDelivery): void {
    console.log(eventLine(told, this.subjects));
  }
}
