import { parseArgs } from 'node:util';

/** The parts of the benchmark, in their order: readers first, while no memory is left over that would hide what they take. */
export const PARTS = ['stream', 'latency', 'pipeline', 'ingest'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchArguments {
  /** Seconds that each measurement of a round takes. */
  seconds: number;
  parts: readonly Part[];
  /** How large a fleet is measured at rest, and nothing else; undefined: none. */
  mailboxes: number | undefined;
  /** With how many processes the saturated work is measured, and nothing else; undefined: with one, beside all else. */
  processes: readonly number[] | undefined;
  /** Where the figures are written as JSON. */
  json: string;
}

/** @throws Error with the remedy */
export function readArguments(args: string[]): BenchArguments {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '3' },
      only: { type: 'string' },
      mailboxes: { type: 'string' },
      processes: { type: 'string' },
      json: { type: 'string', default: '.data/bench.json' },
    },
  });
  const seconds = readCount('seconds', values.seconds, 10);
  const mailboxes =
    values.mailboxes === undefined ? undefined : readCount('mailboxes', values.mailboxes, 1_000_000);
  const processes = values.processes?.split(',').map((text) => readCount('processes', text, 2));
  const only = values.only?.split(',') ?? [...PARTS];
  const unknown = only.find((part) => !PARTS.includes(part as Part));
  if (unknown !== undefined)
    throw new Error(`--only takes parts of ${PARTS.join(', ')}, with commas between; not ${unknown}`);
  return { seconds, parts: only as Part[], mailboxes, processes, json: values.json };
}

function readCount(name: string, text: string, example: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--${name} takes a number, such as --${name} ${example}`);
  return count;
}
