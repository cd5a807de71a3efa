/** Ctrl-C through npm comes twice, from the terminal and from npm: the first counts, the others change nothing. */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort());
  process.on('SIGTERM', () => interrupted.abort());
  return interrupted.signal;
}
