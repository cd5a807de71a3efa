import type { Comparison } from './compare';
import type { Figures } from './measure';

const WORK = 24;
const COLUMNS: [string, (figures: Figures) => string][] = [
  ['changes/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['p50 ms', ({ p50 }) => p50.toFixed(1)],
  ['p99 ms', ({ p99 }) => p99.toFixed(0)],
  ['CPU ms', ({ program }) => program.toFixed(2)],
  ['+ PG', ({ postgres }) => postgres.toFixed(2)],
  ['MiB', ({ memory }) => (memory / 1_048_576).toFixed(0)],
];

/** The names of the columns: a bare loop's figures, Inboxwire's, and how they compare. */
export function pipelineHead(): string {
  const names = COLUMNS.map(([name]) => name.padStart(9)).join('');
  return `${''.padEnd(WORK)}${'side'.padEnd(10)}${names}`;
}

export function pipelineRow({ work, bare, inboxwire }: Comparison): string {
  const line = (name: string, figures: Figures) =>
    name.padEnd(10) + COLUMNS.map(([, show]) => show(figures).padStart(9)).join('');
  const ratio = (name: 'perSecond' | 'p50' | 'p99') => (inboxwire[name] / bare[name]).toFixed(2);
  return [
    work.padEnd(WORK) + line('bare', bare),
    ''.padEnd(WORK) + line('Inboxwire', inboxwire),
    ''.padEnd(WORK) +
      `ratios: ${ratio('perSecond')} of the changes, p50 ${ratio('p50')} times, p99 ${ratio('p99')} times`,
  ].join('\n');
}
