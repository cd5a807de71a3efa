// Prints who writes about what to any of the connected mailboxes, and goes on where it stopped when it is started again:
//   npm install ./inboxwire-client-0.1.0.tgz     (from `npm run client:pack` in the repository)
//   INBOXWIRE_URL=http://localhost:3000 INBOXWIRE_API_KEY=… node example-app.mts
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Inboxwire, isErased } from 'inboxwire-client';

const { INBOXWIRE_URL = 'http://localhost:3000', INBOXWIRE_API_KEY = '' } = process.env;
const POSITION = 'position.txt';

const inboxwire = new Inboxwire({ baseUrl: INBOXWIRE_URL, apiKey: INBOXWIRE_API_KEY });

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());

const events = inboxwire.followEvents({
  after: await readFile(POSITION, 'utf8').catch(() => 'beginning'),
  types: ['message.added'],
  signal: stopping.signal,
  onRetry: ({ error, delay }) => console.error(`Again in ${Math.round(delay)} ms:`, error),
});

for await (const event of events) {
  // Nothing is left of the events of a mailbox that is erased.
  if (event.type !== 'message.added' || isErased(event)) continue;
  const { message } = event.data;
  const sender = message?.from?.name || message?.from?.address || 'somebody';
  console.log(`${event.mailbox.emailAddress}: ${sender}, “${message?.subject ?? ''}”`);
  // Kept when the event is dealt with, and never half: a new file takes the place of the old one.
  await writeFile(`${POSITION}.new`, event.id);
  await rename(`${POSITION}.new`, POSITION);
}
