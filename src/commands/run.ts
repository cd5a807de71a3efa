import { setImmediate as turn } from 'node:timers/promises';
import { describeError } from '../common/describe-error';
import { EXIT_UNUSABLE_SETTINGS, SettingsError } from '../config/settings.error';
import { runCommandLine } from './command-line';
import { DOCTOR_COMMAND } from './doctor/doctor.command';
import { GOOGLE_COMMAND } from './google/google.command';
import { serveCommand } from './serve.command';
import { SETUP_COMMAND } from './setup/setup.command';
import { VERSION_COMMAND } from './version.command';

/** Runs the command that the arguments name, and exits. */
export async function run(
  args: readonly string[],
  serve: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const commands = [serveCommand(serve), SETUP_COMMAND, DOCTOR_COMMAND, GOOGLE_COMMAND, VERSION_COMMAND];
  endWhenOutputIsLost();
  try {
    const status = await runCommandLine(args, commands, signal);
    // That a line could not be written is said a moment later.
    await turn();
    process.exit(status);
  } catch (error) {
    process.stderr.write(`Inboxwire stopped: ${describeError(error)}\n`);
    process.exit(error instanceof SettingsError ? EXIT_UNUSABLE_SETTINGS : 1);
  }
}

/** Whoever reads the output may have seen enough, and leave; but on a disk that is full nothing must look as if it were done. */
function endWhenOutputIsLost(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(
      `The output could not be written: ${describeError(error)}. Make room, and run it again.\n`,
    );
    process.exit(1);
  });
}
