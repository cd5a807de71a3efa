import { once } from 'node:events';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { useProxy } from '../../../src/config/use-proxy';
import { Receiver } from '../../fakes/receiver/receiver';
import { newSigningKey } from '../../../src/local-google/keys/signing-key';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { ConnectProxy } from '../../support/http/connect-proxy';
import { MailReader } from '../../support/mail/mail-reader';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
/** The name in the certificates that the local Google makes. It leads nowhere: only a proxy can. */
const HOST = 'federated-signon.system.gserviceaccount.com';

/** An error's own message and those of its causes. */
const messages = (error: { message: string; cause?: unknown }): string =>
  error.cause ? `${error.message}: ${messages(error.cause as Error)}` : error.message;

describe('where only a proxy leads out', () => {
  const authorities = tls.getCACertificates('default');
  let app: TestApp;
  let secure: tls.Server;
  let proxy: ConnectProxy;
  let settings: Record<string, string>;
  const port = () => Number(new URL(app.google.origin).port);

  beforeEach(async () => {
    const { privateKey, certificate } = await newSigningKey();
    tls.setDefaultCACertificates([...authorities, certificate]);
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    secure = tls.createServer({ key, cert: certificate }, (socket) => {
      const plain = connectTcp(port(), '127.0.0.1');
      socket.pipe(plain).pipe(socket);
      for (const end of [socket, plain])
        end.on('error', () => [socket, plain].forEach((one) => one.destroy()));
    });
    await once(secure.listen(0, '127.0.0.1'), 'listening');
    proxy = new ConnectProxy((secure.address() as AddressInfo).port);
    settings = { GOOGLE_ORIGIN: `https://${HOST}`, HTTPS_PROXY: `http://ada:p%40ss@${await proxy.listen()}` };
  });
  afterEach(async () => {
    await app?.close();
    await proxy.close();
    await new Promise((resolve) => secure.close(resolve));
    tls.setDefaultCACertificates(authorities);
  });

  /** As its owner, whose browser reaches Google directly. */
  const connectMailbox = async () => {
    app.google.addAccount(ADA);
    const { url } = await app.api.post('/v1/connect-sessions', {}, 201);
    const link = await fetch(url, { redirect: 'manual' });
    const cookie = link.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const consent = link.headers.get('location')!.replace(`https://${HOST}`, app.google.origin);
    const callback = await app.google.consent(consent, { account: ADA });
    expect((await fetch(callback, { redirect: 'manual', headers: { cookie } })).status).toBe(200);
    return (await app.api.get(`/v1/mailboxes?emailAddress=${encodeURIComponent(ADA)}`)).data[0];
  };

  it('goes through it with every call to Google: OAuth, keys, the Gmail API, batches and downloads', async () => {
    app = await createTestApp(settings);
    const mailbox = await connectMailbox();
    const sent = [1, 2, 3].map(() => app.google.deliver(ADA, { raw: 'attachment-pdf' }).id);
    const events = messageEvents(await logOf(app, mailbox!));
    expect(events.map(({ data }) => data.messageId)).toEqual(sent);
    const reader = new MailReader(app.service.address, mailbox!.id);
    const { body } = await reader.read(`/messages/${sent[0]}`);
    const bytes = await reader.read(`/messages/${sent[0]}/attachments/${body.attachments[0]!.id}`);
    expect(bytes.status).toBe(200);
    await app.api.delete(`/v1/mailboxes/${mailbox!.id}`, 202);
    await eventually(() => app.google.requests.count({ method: 'oauth2.revoke' }) > 0);

    const authorization = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`;
    for (const request of proxy.requests)
      expect(request).toEqual({ line: `CONNECT ${HOST}:443 HTTP/1.1`, authorization });
    expect(proxy.requests.length).toBeGreaterThan(0);
    for (const method of [
      'oauth2.token',
      'oauth2.certs.jwk',
      'gmail.users.watch',
      'gmail.users.history.list',
    ])
      expect([method, app.google.requests.count({ method }) > 0]).toEqual([method, true]);
    expect(app.logs.filter((line) => line.includes('p%40ss') || line.includes('p@ss'))).toEqual([]);
  });

  it('reaches receivers directly, and asks it for none of their names', async () => {
    app = await createTestApp(settings);
    const receiver = await Receiver.start();
    const { port } = secure.address() as AddressInfo;
    try {
      const plain = await app.api.post('/v1/endpoints', { url: receiver.origin }, 201);
      expect(await app.api.post(`/v1/endpoints/${plain.id}/test`)).toMatchObject({ status: 204 });
      const tls = await app.api.post('/v1/endpoints', { url: `https://127.0.0.1:${port}/` }, 201);
      // It was met, and its certificate is for another name.
      const { error } = await app.api.post(`/v1/endpoints/${tls.id}/test`);
      expect(error).toMatch(/certificate/);
      expect(proxy.requests).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });

  it('asks it for nothing that NO_PROXY names, and says why when it refuses', async () => {
    app = await createTestApp();
    const refusing = new ConnectProxy(0);
    const url = `http://${await refusing.listen()}`;
    const send = async (exceptions: string) => {
      const withoutProxy = useProxy({ proxy: { url, exceptions } });
      try {
        return await fetch(`https://${HOST}/token`).then(() => 'answered', messages);
      } finally {
        withoutProxy();
      }
    };
    try {
      expect(await send('other.example, 10.0.0.1')).toMatch(/403/);
      expect(refusing.requests).toHaveLength(1);
      for (const exceptions of [HOST, '.gserviceaccount.com', `${HOST}:443`, '*']) await send(exceptions);
      expect(refusing.requests).toHaveLength(1);
    } finally {
      await refusing.close();
    }
  });
});
