import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { BenchReplica } from '../bench/bench-replica';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { residentMemory } from '../support/program/resident-memory';

const MESSAGES = 1_000_000;
const CHANGES = 300;
const HEAP_MB = 512;
const SAMPLE_INTERVAL_MS = 2_000;
const REPORT_SAMPLES = 15;
const ADDRESS = 'large@isolation.example';
/** Of ten messages one is in the inbox, two are unread and three are in a category. */
const LABELS = [
  ['INBOX', 'UNREAD'],
  ['UNREAD'],
  ['CATEGORY_UPDATES'],
  ['CATEGORY_UPDATES'],
  ['CATEGORY_UPDATES'],
];

/** One mailbox of a million messages under a small heap: its snapshot is built, its history expires, its gap is repaired. */
export async function measureLargeMailbox(): Promise<string[]> {
  const replica = await BenchReplica.start({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
  const database = new Client({ connectionString: replica.databaseUrl });
  await database.connect();
  try {
    const { google, api } = replica;
    google.addAccount(ADDRESS);
    google.fill(ADDRESS, MESSAGES, (n) => LABELS[n % 10] ?? []);
    const { id } = await connectMailbox(google, api, ADDRESS, { labelIds: [] });
    const built = await watchMemory(replica, 'snapshot', async () => {
      const { rows } = await database.query<{ state: string }>(
        'SELECT state FROM mailbox_snapshots WHERE mailbox_id = $1',
        [id],
      );
      return rows[0]!.state === 'ready';
    });
    replica.google.topics.subscriptions.forEach((subscription) => subscription.pause());
    change(replica);
    google.expireHistory(ADDRESS);
    await api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    const gap = () => api.get(`/v1/events?mailboxId=${id}&types=mailbox.gap`);
    const repaired = await watchMemory(replica, 'gap', async () => (await gap()).data.length > 0);
    const { data } = (await gap()).data[0]!;
    const made = `${CHANGES} messages added, ${CHANGES} deleted, ${CHANGES} relabelled`;
    return [built, repaired, `  ${made}; reported: ${JSON.stringify(data)}`];
  } finally {
    await database.end();
    await replica.stop();
  }
}

function change({ google }: BenchReplica): void {
  const ids = [...google.mailbox(ADDRESS).messages.keys()];
  const step = Math.floor(ids.length / CHANGES);
  for (let n = 0; n < CHANGES; n += 1) {
    google.delete(ADDRESS, ids[n * step]!);
    google.modify(ADDRESS, ids[n * step + 1]!, { addLabelIds: ['STARRED'] });
    google.deliver(ADDRESS);
  }
}

/** Waits, and says how long it took, what Google charged and how much memory the program had at most. */
async function watchMemory(
  replica: BenchReplica,
  what: string,
  isOver: () => Promise<boolean>,
): Promise<string> {
  const since = performance.now();
  const units = replica.google.unitsUsed(ADDRESS);
  let [resident, heap] = [0, 0];
  const seconds = () => Math.round((performance.now() - since) / 1_000);
  const used = () => replica.google.unitsUsed(ADDRESS) - units;
  for (let samples = 1; ; samples += 1) {
    if (replica.program.hasEnded) throw new Error(`The program has ended:\n${replica.program.logTail()}`);
    const [rss, heapNow] = [await residentMemory(replica.pid), await heapUsed(replica)];
    [resident, heap] = [Math.max(resident, rss), Math.max(heap, heapNow)];
    if (samples % REPORT_SAMPLES === 0)
      console.log(`  ${what}, ${seconds()} s: RSS ${mb(rss)}, heap ${mb(heapNow)}, ${used()} units`);
    if (await isOver()) break;
    await delay(SAMPLE_INTERVAL_MS);
  }
  return `${what} of ${MESSAGES} messages, heap of ${HEAP_MB} MB: ${seconds()} s, ${used()} units, at most RSS ${mb(resident)}, heap ${mb(heap)}`;
}

async function heapUsed({ origin }: BenchReplica): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1] ?? NaN);
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
