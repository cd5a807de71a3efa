import type { CommandContext } from '../../../src/commands/command';
import type { CommandResult } from './run-command';

/** Runs a command in this process, with these options and settings and no others. */
export async function callCommand<Options>(
  run: (context: CommandContext<Options>) => Promise<number>,
  options: Options,
  environment: Record<string, string | undefined>,
): Promise<CommandResult> {
  const result = { status: 0, stdout: '', stderr: '' };
  result.status = await run({
    options,
    environment,
    print: (line) => (result.stdout += `${line}\n`),
    report: (line) => (result.stderr += `${line}\n`),
    signal: new AbortController().signal,
  });
  return result;
}
