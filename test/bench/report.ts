import { percentile } from '../support/percentile';
import type { Row } from './ingest';
import type { LatencyFigures } from './latency';
import type { StreamFigures } from './stream';

const NAME = 42;

/** Pushes a second beside the two yardsticks, which are the first two rows. */
export function ingestReport(rows: Row[]): string {
  const [decoding, updating] = rows;
  const head = ['pushes/s', '/ bare', '/ UPDATE', 'p99 ms', 'refused']
    .map((name) => name.padStart(9))
    .join(' ');
  const ratio = (row: Row, to: Row | undefined) => (row.perSecond / to!.perSecond).toFixed(2);
  const lines = rows.map((row) =>
    [
      row.perSecond.toFixed(0),
      ratio(row, decoding),
      ratio(row, updating),
      row.p99.toFixed(0),
      String(row.refused),
    ]
      .map((cell) => cell.padStart(9))
      .join(' '),
  );
  return [`${''.padEnd(NAME)}${head}`, ...rows.map((row, i) => row.name.padEnd(NAME) + lines[i]!)].join('\n');
}

/** The target, said of each way in which tokens may come. */
export function targetReport(rows: Row[]): string {
  const [, updating, ...own] = rows;
  const verdicts = own.map(
    ({ name, perSecond }) => `${name}: ${perSecond > updating!.perSecond ? 'met' : 'NOT met'}`,
  );
  return `Target, faster than one UPDATE a push. ${verdicts.join('; ')}.`;
}

export function latencyReport({ ledger, forged, perSecond }: LatencyFigures): string {
  const at = (share: number) => `${percentile(ledger.latencies, share).toFixed(0)} ms`;
  return [
    `mail → verified webhook at ${perSecond.toFixed(0)} changes/s: p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${at(1)}`,
    `${ledger.made} changes, ${ledger.missing} lost, ${ledger.doubled} doubled, ${ledger.outOfOrder} out of order, ${forged} with a bad signature`,
  ].join('\n');
}

export function streamReport({ readers, memory, spreads, latencies, lost }: StreamFigures): string {
  const ms = (values: number[], share: number) => `${percentile(values, share).toFixed(0)} ms`;
  return [
    `${readers} readers: ${memory.toFixed(0)} KiB of resident memory each`,
    `mail → last reader: p50 ${ms(latencies, 0.5)}, p99 ${ms(latencies, 0.99)}; first → last reader: p50 ${ms(spreads, 0.5)}; ${lost} readers missed something`,
  ].join('\n');
}
