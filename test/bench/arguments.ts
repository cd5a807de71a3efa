import { parseArgs } from 'node:util';

/** Seconds that each measurement of a round takes. */
export function readSeconds(args: string[]): number {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '3' } } });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Error('--seconds takes a number, such as --seconds 10');
  return seconds;
}
