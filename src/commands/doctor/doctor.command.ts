import type { Command } from '../command';

export const DOCTOR_COMMAND: Command = {
  name: 'doctor',
  summary: 'find out why it does not work',
  description:
    'Looks at the settings, the database, PUBLIC_URL, the clock, the Google Cloud project and the running service, and ' +
    'says of each what was found and what to do. It changes nothing (but for --round-trip, which renews one watch).\n' +
    'What Google has to be asked for needs Application Default Credentials.\n' +
    'Exit status: 0 when nothing failed, else 1.',
  options: [
    {
      flags: '--round-trip <mailbox-id>',
      description: 'renew the watch of this mailbox, and wait up to 60 s for the push',
    },
    { flags: '--json', description: 'print one JSON document' },
  ],
  examples: [
    ['npm run doctor', 'everything, with remedies'],
    ['npm run doctor -- --round-trip mbx_01m8…', 'whether a push really arrives'],
    ['npm run -s doctor -- --json', 'for a script'],
  ],
  run: async (context) => (await import('./run-doctor.js')).runDoctor(context),
};
