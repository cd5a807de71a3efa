/**
 * The entry: ready for these signals before anything else is loaded, which takes a second or more. Until a handler
 * is there, a signal ends the process as if it had crashed. A terminal that is closed sends SIGHUP.
 */
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const termination = new AbortController();
for (const signal of END_SIGNALS) process.once(signal, () => termination.abort());

const serve = async (signal: AbortSignal) => (await import('./program.js')).run(signal);

async function start(args: string[]): Promise<void> {
  const complaint = (await import('./node-version.js')).complaintOfNode(process.version);
  if (complaint !== undefined) {
    console.error(complaint);
    process.exit((await import('./config/settings.error.js')).EXIT_UNUSABLE_SETTINGS);
  }
  (await import('./common/address-attempts.js')).giveAddressesTime();
  // The service itself loads nothing of the other commands.
  const isService = args.length === 0 || (args.length === 1 && args[0] === 'serve');
  if (!isService) return (await import('./commands/run.js')).run(args, serve, termination.signal);
  // npm and systemd send the same signal twice. The second one must not cut the end short, which takes 10 s at most.
  for (const signal of END_SIGNALS) process.on(signal, () => undefined);
  await serve(termination.signal);
}

void start(process.argv.slice(2));
