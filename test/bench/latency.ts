import { setTimeout as delay } from 'node:timers/promises';
import { ChangeLedger } from '../support/sync/change-ledger';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { VerifyingReceiver } from '../support/delivery/verifying-receiver';
import type { BenchReplica } from './bench-replica';

const MAILBOXES = 20;
const PER_SECOND = 50;
const SECONDS = 15;
const WARM_UP_SECONDS = 3;
const RECEIVE_TIMEOUT_MS = 30_000;

export interface LatencyFigures {
  ledger: ChangeLedger;
  forged: number;
  perSecond: number;
}

/** Changes at a steady pace over several mailboxes, through the whole chain to a receiver that verifies. */
export async function measureLatency(replica: BenchReplica): Promise<LatencyFigures> {
  const { google, api } = replica;
  const addresses = Array.from({ length: MAILBOXES }, (_, n) => `latency-${n}@bench.example`);
  const ledger = new ChangeLedger(google);
  const receiver = await VerifyingReceiver.start(ledger);
  try {
    await receiver.register(api, 'The receiver of the benchmark');
    for (const address of addresses) {
      google.addAccount(address);
      await connectMailbox(google, api, address, { labelIds: [] });
    }
    await makeChanges(replica, ledger, addresses, WARM_UP_SECONDS);
    await allReceived(ledger);
    ledger.latencies.length = 0;
    const took = await makeChanges(replica, ledger, addresses, SECONDS);
    await allReceived(ledger);
    return { ledger, forged: receiver.forged, perSecond: (PER_SECOND * SECONDS) / took };
  } finally {
    await receiver.stop();
  }
}

/** By the clock, not by waits: a late timer is made up for. Returns the seconds that it took. */
async function makeChanges(
  { google }: BenchReplica,
  ledger: ChangeLedger,
  addresses: string[],
  seconds: number,
): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < PER_SECOND * seconds; n += 1) {
    await delay(Math.max(0, start + (n * 1_000) / PER_SECOND - performance.now()));
    const address = addresses[n % addresses.length]!;
    const unread = [...google.mailbox(address).messages.values()].find(({ labelIds }) =>
      labelIds.has('UNREAD'),
    );
    // Every third round of the mailboxes, their owners read.
    const reads = unread !== undefined && Math.floor(n / addresses.length) % 3 === 2;
    ledger.make(address, () =>
      reads
        ? google.modify(address, unread.id, { removeLabelIds: ['UNREAD'] })
        : google.deliver(address, { subject: `Mail ${n}` }),
    );
  }
  return (performance.now() - start) / 1_000;
}

async function allReceived(ledger: ChangeLedger): Promise<void> {
  const deadline = Date.now() + RECEIVE_TIMEOUT_MS;
  while (ledger.missing > 0 && Date.now() < deadline) await delay(20);
  await delay(300); // in which an event that comes twice would show itself
}
