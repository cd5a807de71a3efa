import { measureKilledWatch } from './killed-watch';
import { measureLargeMailbox } from './large-mailbox';
import { measureReaders } from './readers';
import { measureBusyMailbox, measureHanging, measureOpenTransaction, measureSilentNames } from './webhooks';

/** At the size of the field, and so not part of the suite: its specs do the same in small. */
const MEASUREMENTS: Record<string, () => Promise<string[]>> = {
  readers: measureReaders,
  hanging: measureHanging,
  'silent-names': measureSilentNames,
  'busy-mailbox': measureBusyMailbox,
  'open-transaction': measureOpenTransaction,
  'killed-watch': measureKilledWatch,
  'large-mailbox': measureLargeMailbox,
};

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in MEASUREMENTS));
  if (unknown !== undefined || names.length === 0)
    throw new Error(`Name what is to be measured: ${Object.keys(MEASUREMENTS).join(', ')}`);
  for (const name of names) {
    console.log(`${name} …`);
    console.log((await MEASUREMENTS[name]!()).join('\n'));
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
