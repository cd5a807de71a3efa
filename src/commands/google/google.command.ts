import type { Command } from '../command';

export const GOOGLE_COMMAND: Command = {
  name: 'google',
  summary: 'run a local Google, for tests of your own',
  description:
    'Runs a stand-in for Google on a loopback address: OAuth, Gmail and Pub/Sub, with a page and a JSON API (/control) ' +
    'to send mail, change labels and let things go wrong. It prints the settings to start the service with to stdout, ' +
    'as NAME=value lines, and everything else to stderr. docs/testing-your-application.md shows it in a CI.',
  options: [
    { flags: '--port <number>', description: 'where it listens; 0 for any free port', default: '0' },
    {
      flags: '--account <address...>',
      description: 'an account that there is, repeatable (default: ada@demo.example)',
    },
    {
      flags: '--push-to <url>',
      description: 'where pushes go: the service, or its /webhooks/gmail',
      default: 'http://localhost:3000',
    },
    {
      flags: '--fault <fault...>',
      description: 'what goes wrong, repeatable: method=gmail.users.watch,status=503,times=3',
    },
    {
      flags: '--consent <decision>',
      description: 'how consents are answered: ask, approve or deny',
      default: 'ask',
    },
  ],
  examples: [
    ['npm run google -- --port 4010 --account ada@example.com', 'a Google with one mailbox'],
    ['npm run google -- --push-to http://localhost:8080', 'for a service on another port'],
    [
      'npm run google -- --fault method=gmail.users.history.list,status=503,times=5',
      'five reads of history fail',
    ],
    ['npm run -s google -- --consent approve > .env', 'nobody has to click; its settings for the service'],
  ],
  run: async (context) => (await import('./run-google.js')).runGoogle(context),
};
