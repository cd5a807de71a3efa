import { parseArgs } from 'node:util';

export interface ChaosArguments {
  /** Of everything that is random. */
  seed: number;
  /** How long changes and faults go on. */
  milliseconds: number;
}

export function readArguments(args: string[]): ChaosArguments {
  const options = { seed: { type: 'string' }, minutes: { type: 'string', default: '1' } } as const;
  const { values } = parseArgs({ args, options });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const minutes = Number(values.minutes);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a number, such as --seed 7');
  if (!(minutes > 0 && minutes <= 1_440)) throw new Error('--minutes takes a number, such as --minutes 0.5');
  return { seed, milliseconds: minutes * 60_000 };
}
