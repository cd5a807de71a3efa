import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Stop after so many changes; undefined runs until Ctrl-C. */
  count: number | undefined;
}

export function readArguments(args: string[]): DemoArguments {
  const { values } = parseArgs({ args, options: { count: { type: 'string' } } });
  if (values.count === undefined) return { count: undefined };
  if (!/^[1-9]\d{0,5}$/.test(values.count)) throw new Error('--count takes a number, such as --count 20');
  return { count: Number(values.count) };
}
