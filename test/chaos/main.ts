import { describeEnd, type ProcessEnd } from '../support/program/test-process';
import { untilInterrupted } from '../support/program/until-interrupted';
import { Recovery } from './recovery';
import { readArguments } from './arguments';
import { report } from './report';
import { ChaosCluster, MAILBOXES } from './chaos-cluster';
import { FaultInjection } from './fault-injection';
import { check } from './verdict';

/** @returns the exit code */
async function main(): Promise<number> {
  const { seed, milliseconds, replicas } = readArguments(process.argv.slice(2));
  const interrupted = untilInterrupted();
  console.log(
    `Seed ${seed}. Starting PostgreSQL, the local Google and ${replicas} replicas; connecting ${MAILBOXES} mailboxes …`,
  );
  const cluster = await ChaosCluster.start(seed, replicas);
  let ends: ProcessEnd[] | undefined;
  try {
    console.log(`Chaos for ${milliseconds / 1_000} s …`);
    const faults = new FaultInjection(cluster, interrupted);
    await faults.run(milliseconds);
    const calmSince = performance.now();
    const recovery = new Recovery(cluster, interrupted);
    const events = await recovery.await();
    const seconds = Math.round((performance.now() - calmSince) / 1_000);
    const verdict = check(cluster, events);
    verdict.faults.push(...recovery.faults, ...(await cluster.postgres.deadlocks()));
    ends = await cluster.stop();
    for (const replica of cluster.replicas) verdict.faults.push(...(await replica.errors()));
    for (const end of ends) if (end !== 0) verdict.faults.push(`SIGTERM at the end: ${describeEnd(end)}`);
    console.log(report(cluster, faults, verdict, seconds));
    return await conclude(cluster, verdict.faults);
  } finally {
    if (!ends) await cluster.stop();
  }
}

async function conclude(cluster: ChaosCluster, faults: readonly string[]): Promise<number> {
  if (faults.length === 0) {
    await cluster.clear();
    console.log(`\nNothing was lost, doubled or out of order (seed ${cluster.seed}).`);
    return 0;
  }
  console.error(`\nSeed ${cluster.seed} has failed; logs and database are left in ${cluster.directory}:`);
  for (const fault of faults.slice(0, 20)) console.error(`- ${fault}`);
  return 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
