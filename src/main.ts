/**
 * The entry: ready for SIGTERM and SIGINT before anything else is loaded, which takes a second or more. Until a handler
 * is there, a signal ends the process as if it had crashed.
 */
const termination = new AbortController();
process.once('SIGTERM', () => termination.abort());
process.once('SIGINT', () => termination.abort());

void import('./program.js').then(({ run }) => run(termination.signal));
