import { EXIT_UNUSABLE_SETTINGS } from './config/settings.error';
import { complaintOfNode } from './node-version';

const complaint = complaintOfNode(process.version);
if (complaint !== undefined) {
  console.error(complaint);
  process.exit(EXIT_UNUSABLE_SETTINGS);
}

/**
 * The entry: ready for SIGTERM and SIGINT before anything else is loaded, which takes a second or more. Until a handler
 * is there, a signal ends the process as if it had crashed.
 */
const termination = new AbortController();
process.once('SIGTERM', () => termination.abort());
process.once('SIGINT', () => termination.abort());

const serve = async (signal: AbortSignal) => (await import('./program.js')).run(signal);

const args = process.argv.slice(2);
// The service itself loads nothing of the other commands.
if (args.length === 0 || (args.length === 1 && args[0] === 'serve')) void serve(termination.signal);
else void import('./commands/run.js').then(({ run }) => run(args, serve, termination.signal));
