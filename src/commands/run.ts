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
  try {
    process.exit(await runCommandLine(args, commands, signal));
  } catch (error) {
    process.stderr.write(`Inboxwire stopped: ${describeError(error)}\n`);
    process.exit(error instanceof SettingsError ? EXIT_UNUSABLE_SETTINGS : 1);
  }
}
