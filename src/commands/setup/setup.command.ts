import type { Command } from '../command';

export const SETUP_COMMAND: Command = {
  name: 'setup',
  summary: 'make the Google Cloud project ready: APIs, topic, subscription, rights',
  description:
    'Makes the Google side ready for the settings: the APIs, the topic that Gmail publishes to, the service account that ' +
    'signs pushes, the push subscription with its dead letters, and the rights. Every step can be repeated: what is there ' +
    'is adopted, what differs is changed, and nothing is ever removed.\n' +
    'Credentials: Application Default Credentials, as GOOGLE_APPLICATION_CREDENTIALS or gcloud gives them.\n' +
    'Exit status: 0 all is ready, 1 a step failed, 77 no credentials or not the permission, 78 settings.',
  options: [
    { flags: '--dry-run', description: 'change nothing, and say what would be' },
    {
      flags: '--print-env',
      description: 'print the settings for the service as NAME=value lines, and nothing else',
    },
    { flags: '--json', description: 'print one JSON document' },
  ],
  examples: [
    ['npm run setup -- --dry-run', 'what would be done'],
    ['npm run setup', 'do it'],
    ['npm run -s setup -- --print-env >> .env', 'do it, and keep the settings'],
  ],
  run: async (context) => (await import('./run-setup.js')).runSetup(context),
};
