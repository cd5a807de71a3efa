import { parseArgs } from 'node:util';

export interface ChaosArguments {
  /** Of everything that is random. */
  seed: number;
  /** How long changes and faults go on. */
  milliseconds: number;
  replicas: number;
}

const HELP = `npm run chaos -- [--seed NUMBER] [--minutes NUMBER] [--replicas NUMBER]

  --seed      of everything that is random (one of the clock's)
  --minutes   how long changes and faults go on (1)
  --replicas  processes of the built program, 2 to 8 (2)`;

export function readArguments(args: string[]): ChaosArguments {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      replicas: { type: 'string', default: '2' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const minutes = Number(values.minutes);
  const replicas = Number(values.replicas);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a number, such as --seed 7');
  if (!(minutes > 0 && minutes <= 1_440)) throw new Error('--minutes takes a number, such as --minutes 0.5');
  if (!Number.isSafeInteger(replicas) || replicas < 2 || replicas > 8)
    throw new Error('--replicas takes a number from 2 to 8, such as --replicas 4');
  return { seed, milliseconds: minutes * 60_000, replicas };
}
