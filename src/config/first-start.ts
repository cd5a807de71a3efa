/** What every installation gives. */
const GIVEN_FIRST = ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET', 'PUBSUB_TOPIC', 'PUBSUB_SUBSCRIPTION'];

const HINT = `
Nothing is set up yet? Three ways to begin:
  npm run demo            see it work, without a Google account and without settings
  cp .env.example .env    then fill in what is listed above
  npm run setup           make the topic, the subscription and their rights in your Google Cloud project (docs/google.md)
`;

/** Where to begin, for whoever has given none of Google's settings; else nothing. */
export function firstStartHint(environment: Record<string, string | undefined>): string {
  return GIVEN_FIRST.some((name) => environment[name]) ? '' : HINT;
}
