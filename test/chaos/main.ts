import { untilInterrupted } from '../support/program/until-interrupted';
import { Aftermath } from './aftermath';
import { readArguments } from './arguments';
import { report } from './report';
import { Stage } from './stage';
import { Storm } from './storm';
import { judge } from './verdict';

/** @returns the exit code */
async function main(): Promise<number> {
  const { seed, milliseconds } = readArguments(process.argv.slice(2));
  const interrupted = untilInterrupted();
  console.log(
    `Seed ${seed}. Starting PostgreSQL, the local Google and two replicas; connecting 50 mailboxes …`,
  );
  const stage = await Stage.set(seed);
  let ends: string[] | undefined;
  try {
    console.log(`Chaos for ${milliseconds / 1_000} s …`);
    const storm = new Storm(stage, interrupted);
    await storm.rage(milliseconds);
    const calmSince = performance.now();
    const events = await new Aftermath(stage, interrupted).await();
    const seconds = Math.round((performance.now() - calmSince) / 1_000);
    const verdict = judge(stage, events);
    ends = await stage.strike();
    for (const end of ends) if (end !== 'exit code 0') verdict.faults.push(`SIGTERM at the end: ${end}`);
    console.log(report(stage, storm, verdict, seconds));
    return await conclude(stage, verdict.faults);
  } finally {
    if (!ends) await stage.strike();
  }
}

async function conclude(stage: Stage, faults: readonly string[]): Promise<number> {
  if (faults.length === 0) {
    await stage.clear();
    console.log(`\nNothing was lost, doubled or out of order (seed ${stage.seed}).`);
    return 0;
  }
  console.error(`\nSeed ${stage.seed} has failed; logs and database are left in ${stage.directory}:`);
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
