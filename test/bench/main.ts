import { readSeconds } from './arguments';
import { BenchReplica } from './bench-replica';
import { measureIngest } from './ingest';
import { measureLatency } from './latency';
import { ingestReport, latencyReport, streamReport, targetReport } from './report';
import { measureStream } from './stream';

const HONESTY = `Load, servers and PostgreSQL share this machine's cores: the ratios say more than the numbers. Inboxwire answers when the
hint is committed, token verified; the yardsticks verify nothing. Its 1,000 mailboxes are paused, so no sync follows.`;

async function main(): Promise<number> {
  const seconds = readSeconds(process.argv.slice(2));
  const replica = await BenchReplica.start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void replica.stop().finally(() => process.exit(1)));
  try {
    // First, while the process has no memory to spare that would hide what readers take.
    console.log('Stream: 2,000 readers of one process, mail after mail …');
    const stream = await measureStream(replica);
    console.log(`${streamReport(stream)}\n`);
    console.log('Latency: 50 changes a second over 20 mailboxes …');
    const latency = await measureLatency(replica);
    console.log(`${latencyReport(latency)}\n`);
    console.log(`Ingest: rounds of ${seconds} s for each …`);
    const rows = await measureIngest(replica, seconds);
    console.log(`${ingestReport(rows)}\n\n${targetReport(rows)}\n${HONESTY}`);
    return latency.ledger.faultless && latency.forged === 0 && stream.lost === 0 ? 0 : 1;
  } finally {
    await replica.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
