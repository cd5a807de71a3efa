import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { google as apis } from 'googleapis';
import { LocalGoogle } from './local-google';

const TOPIC = 'projects/p/topics/t';
test('serves the official client from consent to revocation', async () => {
  const google = await LocalGoogle.start({ clientId: 'c', clientSecret: 's', projectId: 'p' });
  const got: string[] = [];
  const rx = createServer((q, s) => {
    q.on('data', (d) => got.push(String(d)));
    q.on('end', () => s.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(rx, 'listening');
  google.addAccount('Ann@example.com');
  google.pushTo({
    url: `http://127.0.0.1:${(rx.address() as AddressInfo).port}/`,
    serviceAccount: 'sa',
    audience: 'a',
    subscription: 'projects/p/subscriptions/s',
    topic: TOPIC,
  });
  const auth = new apis.auth.OAuth2({
    clientId: 'c',
    clientSecret: 's',
    redirectUri: 'http://127.0.0.1/cb',
    endpoints: {
      oauth2AuthBaseUrl: `${google.origin}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${google.origin}/token`,
      oauth2RevokeUrl: `${google.origin}/revoke`,
      oauth2FederatedSignonPemCertsUrl: `${google.origin}/oauth2/v1/certs`,
    },
  });
  const url = auth.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope: ['openid', 'email', 'https://www.googleapis.com/auth/gmail.modify'],
    state: 'x',
  });
  const location = await google.consent(url, { account: 'ann@example.com' });
  const { tokens } = await auth.getToken(new URL(location).searchParams.get('code') ?? '');
  auth.setCredentials(tokens);
  const ticket = await auth.verifyIdToken({ idToken: tokens.id_token ?? '', audience: 'c' });
  expect(ticket.getPayload()?.email).toBe('Ann@example.com');
  const gmail = apis.gmail({ version: 'v1', auth, rootUrl: `${google.origin}/` });
  const { data } = await gmail.users.watch({
    userId: 'me',
    requestBody: { topicName: TOPIC, labelIds: ['INBOX'] },
  });
  google.deliver('ann@example.com', { raw: 'attachment-pdf' });
  await google.pushesSettled();
  expect(got).toHaveLength(2);
  const history = await gmail.users.history.list({ userId: 'me', startHistoryId: data.historyId ?? '' });
  const id = history.data.history?.[0]?.messagesAdded?.[0]?.message?.id ?? '';
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  await auth.revokeToken(tokens.refresh_token ?? '');
  await google.stop();
  rx.close();
  rx.closeAllConnections();
});
