import { get, type ClientRequest } from 'node:http';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { eventually } from '../support/eventually';
import { residentMemory } from '../support/program/resident-memory';
import type { BenchReplica } from './bench-replica';

const READERS = 2_000;
const AT_ONCE = 100;
const CHANGES = 50;
const ADDRESS = 'stream@bench.example';

export interface StreamFigures {
  readers: number;
  /** What the gateway's resident memory has grown by at the end, for each reader, in KiB. */
  memory: number;
  /** Milliseconds from the first reader that has an event to the last, of each event. */
  spreads: number[];
  /** Milliseconds from the mail to the last reader. */
  latencies: number[];
  lost: number;
}

/** Readers at the end of the log, all in this process; then mail after mail for all of them. */
export async function measureStream(replica: BenchReplica): Promise<StreamFigures> {
  const { google, api } = replica;
  google.addAccount(ADDRESS);
  await connectMailbox(google, api, ADDRESS, { labelIds: [] });
  const before = await residentMemory(replica.pid);
  const readers = new Readers(replica);
  try {
    await readers.open(READERS);
    const spreads: number[] = [];
    const latencies: number[] = [];
    for (let n = 1; n <= CHANGES; n++) {
      const start = performance.now();
      google.deliver(ADDRESS, { subject: `Mail ${n}` });
      await eventually(() => readers.behind(n) === 0, { timeout: 30_000 });
      spreads.push(readers.last - readers.first);
      latencies.push(readers.last - start);
    }
    const after = await residentMemory(replica.pid);
    const lost = readers.behind(CHANGES);
    return { readers: READERS, memory: (after - before) / 1_024 / READERS, spreads, latencies, lost };
  } finally {
    readers.close();
  }
}

/** So many readers that count what they get: one that parsed it would measure itself. */
class Readers {
  private readonly counts: number[] = [];
  private readonly requests: ClientRequest[] = [];
  /** When the first, and the last, got the latest event. */
  first = 0;
  last = 0;
  private latest = 0;

  constructor(private readonly replica: BenchReplica) {}

  async open(count: number): Promise<void> {
    while (this.counts.length < count)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, count - this.counts.length) }, () => this.add()),
      );
  }

  /** How many have fewer events than that. */
  behind(count: number): number {
    return this.counts.filter((received) => received < count).length;
  }

  close(): void {
    for (const request of this.requests) request.destroy();
  }

  private add(): Promise<void> {
    const index = this.counts.push(0) - 1;
    const headers = { authorization: `Bearer ${this.replica.apiKey}` };
    return new Promise((resolve, reject) => {
      const request = get(
        `${this.replica.origin}/v1/events/stream`,
        { headers, agent: false },
        (response) => {
          if (response.statusCode !== 200) reject(new Error(`a stream answered ${response.statusCode}`));
          response.on('data', (chunk: Buffer) => this.count(index, chunk));
          response.on('error', () => undefined);
          resolve();
        },
      );
      request.on('error', reject);
      this.requests.push(request);
    });
  }

  private count(index: number, chunk: Buffer): void {
    const events = chunk.toString('latin1').split('\ndata: ').length - 1;
    if (events === 0) return;
    const now = performance.now();
    const received = (this.counts[index]! += events);
    if (received > this.latest) {
      this.latest = received;
      this.first = now;
    }
    this.last = now;
  }
}
