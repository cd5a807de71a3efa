import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BenchArguments, readArguments } from './arguments';
import { BenchReplica } from './bench-replica';
import { measureIngest } from './ingest';
import { measureLatency } from './latency';
import { comparePipelines, compareProcesses } from './pipeline/compare';
import { pipelineHead, pipelineRow } from './pipeline/report';
import { ingestReport, latencyReport, streamReport, targetReport } from './report';
import { measureScale, type ScaleFigures } from './scale/measure-scale';
import { scaleReport } from './scale/report';
import { measureStream } from './stream';

const SMALL_FLEET = 1_000;

const HONESTY = `Load, servers and PostgreSQL share this machine's cores: the ratios say more than the numbers. Inboxwire answers when the
hint is committed, token verified; the yardsticks verify nothing. Its 1,000 mailboxes are paused, so no sync follows.`;

/** What has been measured, for the JSON file, and whether every change arrived once and in order. */
interface Results {
  figures: Record<string, unknown>;
  faultless: boolean;
}

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  const results: Results = { figures: { at: new Date().toISOString() }, faultless: true };
  if (options.mailboxes !== undefined) await measureFleets(options.mailboxes, results);
  else if (options.processes !== undefined)
    await measureProcesses(options.processes, options.seconds, results);
  else await measureParts(options, results);
  await mkdir(dirname(options.json), { recursive: true });
  await writeFile(options.json, `${JSON.stringify(results.figures, null, 2)}\n`);
  console.log(`Written to ${options.json}.`);
  return results.faultless ? 0 : 1;
}

async function measureParts(options: BenchArguments, results: Results): Promise<void> {
  if (options.parts.some((part) => part !== 'pipeline')) await measureReplica(options, results);
  if (options.parts.includes('pipeline')) await measurePipeline(options, results);
}

/** A fleet of this size beside a small one, both at rest. */
async function measureFleets(mailboxes: number, results: Results): Promise<void> {
  const figures: ScaleFigures[] = [];
  for (const size of [SMALL_FLEET, mailboxes]) {
    console.log(`A fleet at rest of ${size.toLocaleString('en')} mailboxes is written and measured …`);
    figures.push(await measureScale(size));
  }
  console.log(`${scaleReport(figures)}\n`);
  results.figures.scale = figures;
}

async function measureReplica({ seconds, parts }: BenchArguments, results: Results): Promise<void> {
  const replica = await BenchReplica.start();
  try {
    if (parts.includes('stream')) {
      console.log('Stream: 2,000 readers of one process, mail after mail …');
      const stream = await measureStream(replica);
      console.log(`${streamReport(stream)}\n`);
      results.figures.stream = stream;
      results.faultless &&= stream.lost === 0;
    }
    if (parts.includes('latency')) {
      console.log('Latency: 50 changes a second over 20 mailboxes …');
      const { ledger, ...latency } = await measureLatency(replica);
      console.log(`${latencyReport({ ledger, ...latency })}\n`);
      results.figures.latency = { ...latency, latencies: ledger.latencies };
      results.faultless &&= ledger.faultless && latency.forged === 0;
    }
    if (parts.includes('ingest')) {
      console.log(`Ingest: rounds of ${seconds} s for each …`);
      const rows = await measureIngest(replica, seconds);
      console.log(`${ingestReport(rows)}\n\n${targetReport(rows)}\n${HONESTY}\n`);
      results.figures.ingest = rows;
    }
  } finally {
    await replica.stop();
  }
}

async function measureProcesses(counts: readonly number[], seconds: number, results: Results): Promise<void> {
  console.log('Several processes on one PostgreSQL, saturated, beside a bare loop …');
  console.log(pipelineHead());
  results.figures.processes = await compareProcesses(counts, seconds, (one) => console.log(pipelineRow(one)));
}

async function measurePipeline({ seconds }: BenchArguments, results: Results): Promise<void> {
  console.log(
    `Pipeline: mail → webhook beside a bare loop that stores nothing, rounds of ${seconds} s for each …`,
  );
  console.log(pipelineHead());
  results.figures.pipeline = await comparePipelines(seconds, (one) => console.log(pipelineRow(one)));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
