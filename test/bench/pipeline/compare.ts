import { median } from '../../support/percentile';
import { BenchReplica } from '../bench-replica';
import { type Figures, paced, saturated } from './measure';
import { Pipeline } from './pipeline';
import type { Side } from './side';

const ROUNDS = 5;
/** What runs often is compiled after a while: a service that has run for some seconds is measured. */
const WARM_UP_SECONDS = 15;
const PACED_SECONDS = 10;

/** What is measured, in the same run for both sides. */
export interface Comparison {
  work: string;
  bare: Figures;
  inboxwire: Figures;
}

/** Plenty: what is measured is the machine, not Google's quota. */
const QUOTA = { GMAIL_UNITS_PER_MINUTE_MAILBOX: '1000000', GMAIL_UNITS_PER_MINUTE_PROJECT: '100000000' };

/** @param seconds of each round @param report is called with each result as it comes */
export async function comparePipelines(
  seconds: number,
  report: (comparison: Comparison) => void,
): Promise<Comparison[]> {
  const results: Comparison[] = [];
  for (const payload of ['metadata', 'ids']) {
    const replica = await BenchReplica.start({ ...QUOTA, MESSAGE_PAYLOAD: payload });
    try {
      const pipeline = await warmPipeline(replica, payload);
      const works: [string, (side: Side) => Promise<Figures>][] = [
        [`saturated, ${payload}`, (side) => saturated(side, seconds)],
        ...(payload === 'metadata' ? PACED : []),
      ];
      for (const [work, measure] of works) {
        const comparison = { work, ...(await alternating(pipeline, measure)) };
        report(comparison);
        results.push(comparison);
      }
      pipeline.stop();
    } finally {
      await replica.stop();
    }
  }
  return results;
}

/**
 * The saturated work with one, two, … processes on one PostgreSQL, the bare loop beside each as the measure of the machine.
 *
 * @param counts how many processes @param seconds of each round
 */
export async function compareProcesses(
  counts: readonly number[],
  seconds: number,
  report: (comparison: Comparison) => void,
): Promise<Comparison[]> {
  const results: Comparison[] = [];
  for (const count of counts) {
    const replica = await BenchReplica.start({ ...QUOTA, MESSAGE_PAYLOAD: 'metadata' }, count);
    try {
      const pipeline = await warmPipeline(replica, 'metadata');
      const sides = await alternating(pipeline, (side) => saturated(side, seconds));
      results.push({ work: `processes: ${count}`, ...sides });
      report(results.at(-1)!);
      pipeline.stop();
    } finally {
      await replica.stop();
    }
  }
  return results;
}

const PACED: [string, (side: Side) => Promise<Figures>][] = [100, 20].map((perSecond) => [
  `${perSecond} changes a second`,
  (side) => paced(side, perSecond, PACED_SECONDS),
]);

async function warmPipeline(replica: BenchReplica, payload: string): Promise<Pipeline> {
  const pipeline = await Pipeline.start(replica, payload);
  for (const side of [pipeline.bare, pipeline.inboxwire]) await saturated(side, WARM_UP_SECONDS);
  return pipeline;
}

/** The sides in turn, round after round: whatever else the machine does meets them alike. Medians of the rounds. */
async function alternating(
  { bare, inboxwire }: Pipeline,
  measure: (side: Side) => Promise<Figures>,
): Promise<Omit<Comparison, 'work'>> {
  const rounds: { bare: Figures; inboxwire: Figures }[] = [];
  for (const side of [bare, inboxwire]) await measure(side); // warms up; not counted
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({ bare: await measure(bare), inboxwire: await measure(inboxwire) });
  return {
    bare: medians(rounds.map((round) => round.bare)),
    inboxwire: medians(rounds.map((round) => round.inboxwire)),
  };
}

function medians(rounds: Figures[]): Figures {
  const names = Object.keys(rounds[0]!) as (keyof Figures)[];
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((round) => round[name]))]),
  ) as unknown as Figures;
}
