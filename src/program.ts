import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describeError } from './common/describe-error';
import { ListenError } from './common/listen.error';
import { readEnvironment } from './config/environment';
import type { EnvironmentVariables } from './config/environment-variables';
import { firstStartHint } from './config/first-start';
import { misspeltSettings } from './config/misspelt-settings';
import { EXIT_UNUSABLE_SETTINGS, SettingsError } from './config/settings.error';
import { validateEnvironment } from './config/validate-environment';
import { DatabaseUnusableError } from './database/database-unusable.error';
import { startService } from './service';
import { startTracing } from './start-tracing';

/** The last resort at the end: whatever hangs, the process is gone 10 s after SIGTERM, as the contract says. */
const EXIT_DEADLINE_MS = 9_500;

/** How long requests are still accepted after SIGTERM, so that load balancers can look elsewhere first. */
const DRAIN_MS = 1_000;

/** Runs the service with the environment's settings until the signal aborts, and then exits. */
export async function run(signal: AbortSignal): Promise<void> {
  signal.addEventListener('abort', () => setTimeout(() => process.exit(0), EXIT_DEADLINE_MS).unref());
  // Output that nobody reads is no reason to end.
  process.stderr.on('error', () => undefined);
  try {
    // Loading held everything up: a signal that came meanwhile is handled now.
    await turn();
    await serve(settingsOrExit(), signal);
    process.exit(0);
  } catch (error) {
    if (error instanceof SettingsError) exitUnusable(error);
    // A port that is taken needs a sentence, and not the code of the system.
    const reason = error instanceof ListenError ? error.message : describeError(error);
    process.stderr.write(`Inboxwire stopped: ${reason}\n`);
    const isForAPerson = error instanceof DatabaseUnusableError || error instanceof ListenError;
    process.exit(isForAPerson ? EXIT_UNUSABLE_SETTINGS : 1);
  }
}

async function serve(variables: EnvironmentVariables, signal: AbortSignal): Promise<void> {
  const endTracing = await startTracing(readEnvironment());
  try {
    const service = await startService(variables, signal);
    if (!signal.aborted) await once(signal, 'abort');
    await service.stop(DRAIN_MS);
  } catch (error) {
    // Asked to end while it was still starting, which may be waiting for a database that never comes.
    if (!signal.aborted) throw error;
  } finally {
    await endTracing();
  }
}

function settingsOrExit(): EnvironmentVariables {
  const environment = readEnvironment();
  for (const { name, meant } of misspeltSettings(environment))
    process.stderr.write(`Warning: ${name} is no setting, and nothing reads it. Did you mean ${meant}?\n`);
  try {
    return validateEnvironment(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    exitUnusable(error, firstStartHint(environment));
  }
}

function exitUnusable({ message }: SettingsError, hint = ''): never {
  process.stderr.write(`Inboxwire cannot start with these settings:\n${message}\n${hint}`);
  process.exit(EXIT_UNUSABLE_SETTINGS);
}
