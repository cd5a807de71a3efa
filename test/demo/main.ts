import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { untilInterrupted } from '../support/program/until-interrupted';
import { readArguments } from './arguments';
import { Performance } from './performance';
import { Stage } from './stage';
import { summary } from './texts';

/** @returns the exit code */
async function main(): Promise<number> {
  const { count } = readArguments(process.argv.slice(2));
  const interrupted = untilInterrupted();
  console.log('Starting PostgreSQL, the local Google and the gateway …');
  const stage = await Stage.set();
  try {
    const performance = new Performance(stage, interrupted);
    await performance.play(count);
    console.log(summary(stage.ledger, stage.receiver.forged));
    if (count === undefined) return 0;
    const complete = stage.ledger.made >= count && stage.ledger.faultless && stage.receiver.forged === 0;
    return complete ? 0 : 1;
  } catch (error) {
    await delay(100); // A child that has died is reported a moment after its connections break.
    complain(stage, error);
    return 1;
  } finally {
    await stage.strike();
    console.log(`The gateway's log: ${stage.gateway.logFile}`);
  }
}

function complain(stage: Stage, error: unknown): void {
  const died = stage.gateway.endedWith;
  const what = died === undefined ? messageOf(error) : `The gateway ended unexpectedly (${died}).`;
  console.error(styleText('red', what, { stream: process.stderr }));
  console.error(`Its log ends with:\n${stage.gateway.logTail()}`);
  console.error(`To begin with new data: rm -r ${stage.directory}`);
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
