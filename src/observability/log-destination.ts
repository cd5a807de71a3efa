import { pino } from 'pino';

/** How much of the log is kept while it cannot be written. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Where the log goes: stdout. A disk that is full or a reader that is gone costs lines, and never the service. What could not
 * be written is tried again with the next line.
 */
export function logDestination(): { write(line: string): void } {
  // With the least length `flush` does something.
  const destination = pino.destination({ dest: 1, sync: false, minLength: 1, maxLength: MAX_WAITING_BYTES });
  let isFailing = false;
  destination.on('error', () => (isFailing = true));
  destination.on('write', () => (isFailing = false));
  // A line that finds no room is dropped before anything is tried.
  destination.on('drop', () => destination.flush());
  // At the exit it is written until that succeeds, which it may never do.
  const flushSync = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!isFailing) flushSync();
  };
  return destination;
}
