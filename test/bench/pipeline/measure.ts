import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../../support/percentile';
import type { Side } from './side';

const UNDER_WAY = 300;
const DRAIN_DEADLINE_MS = 60_000;

export interface Figures {
  /** Changes received a second. */
  perSecond: number;
  /** CPU time for each change, in milliseconds. */
  program: number;
  postgres: number;
  /** Milliseconds from the mail to its webhook. */
  p50: number;
  p99: number;
  /** Bytes that are resident at the end. */
  memory: number;
}

/** As many changes as it can take, with a fixed number under way. */
export async function saturated(side: Side, seconds: number): Promise<Figures> {
  const stop = side.traffic.keepUnderWay(UNDER_WAY);
  // It begins to count when all that is measured is busy.
  await delay(500);
  const figures = await during(side, () => delay(seconds * 1_000));
  stop();
  await drained(side);
  return figures;
}

/** Changes at a steady pace. By the clock, not by waits: a late timer is made up for. */
export async function paced(side: Side, perSecond: number, seconds: number): Promise<Figures> {
  const figures = await during(side, async () => {
    const start = performance.now();
    for (let n = 0; n < perSecond * seconds; n += 1) {
      await delay(Math.max(0, start + (n * 1_000) / perSecond - performance.now()));
      side.traffic.deliver();
    }
    await drained(side);
  });
  return figures;
}

async function during(side: Side, work: () => Promise<void>): Promise<Figures> {
  const { ledger } = side.traffic;
  const [received, cpu, start] = [ledger.received, side.cpu(), performance.now()];
  ledger.latencies.length = 0;
  await work();
  const [changes, now, seconds] = [
    ledger.received - received,
    side.cpu(),
    (performance.now() - start) / 1_000,
  ];
  return {
    perSecond: changes / seconds,
    program: (now.program - cpu.program) / changes,
    postgres: (now.postgres - cpu.postgres) / changes,
    p50: percentile(ledger.latencies, 0.5),
    p99: percentile(ledger.latencies, 0.99),
    memory: await side.memory(),
  };
}

async function drained({ name, traffic: { ledger } }: Side): Promise<void> {
  const deadline = Date.now() + DRAIN_DEADLINE_MS;
  while (ledger.missing > 0) {
    if (Date.now() > deadline) throw new Error(`${name} has lost ${ledger.missing} changes`);
    await delay(5);
  }
}
