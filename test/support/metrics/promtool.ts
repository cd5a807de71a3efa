import { spawnSync } from 'node:child_process';

/** Whether Debian's `prometheus` package, or another one with its tool, is installed. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Skipped visibly where there is no promtool: the name in the report says why. */
export const itWithPromtool = hasPromtool ? it : it.skip;

/** Runs promtool. @returns its exit status and what it has to say */
export function promtool(args: string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
