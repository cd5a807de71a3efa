import type { Command } from './command';

/** @param serve runs the service until the signal aborts */
export function serveCommand(serve: (signal: AbortSignal) => Promise<void>): Command {
  return {
    name: 'serve',
    summary: 'run the service (the default)',
    description:
      'Runs the service with the settings of the environment and of .env, until SIGTERM or SIGINT.\n' +
      'Exit status: 0 when it was asked to end, 78 when a person has to change a setting first.',
    options: [],
    examples: [
      ['npm start', 'build if needed, and run'],
      ['node dist/src/main.js', 'run what is built'],
    ],
    run: async ({ signal }) => {
      await serve(signal);
      return 0;
    },
  };
}
