import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { describeEnd } from '../support/program/test-process';
import { untilInterrupted } from '../support/program/until-interrupted';
import { readArguments } from './arguments';
import { DemoRun } from './demo-run';
import { DemoSetup, LOG_FILE } from './demo-setup';
import { summary } from './texts';

/** @returns the exit code */
async function main(): Promise<number> {
  const { count } = readArguments(process.argv.slice(2));
  const interrupted = untilInterrupted();
  console.log('Starting PostgreSQL, the local Google and the gateway …');
  const setup = await DemoSetup.start();
  try {
    await new DemoRun(setup, interrupted).run(count);
    console.log(summary(setup.ledger, setup.receiver.forged));
    if (count === undefined) return 0;
    const complete = setup.ledger.made >= count && setup.ledger.faultless && setup.receiver.forged === 0;
    return complete ? 0 : 1;
  } catch (error) {
    await delay(100); // A child that has died is reported a moment after its connections break.
    complain(setup, error);
    return 1;
  } finally {
    await setup.stop();
    console.log(`The gateway's log: ${LOG_FILE}`);
  }
}

function complain(setup: DemoSetup, error: unknown): void {
  const died = setup.program.endedWith;
  const what =
    died === undefined ? messageOf(error) : `The gateway ended unexpectedly (${describeEnd(died)}).`;
  console.error(styleText('red', what, { stream: process.stderr }));
  console.error(`Its log ends with:\n${setup.program.logTail()}`);
  console.error(`To begin with new data: rm -r ${setup.directory}`);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
