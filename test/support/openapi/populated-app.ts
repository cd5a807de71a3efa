import { startService, type Service } from '../../../src/service';
import { PinoLogger } from '../../../src/observability/pino.logger';
import { validateEnvironment } from '../../../src/config/validate-environment';
import { Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../eventually';
import { logOf } from '../event/mailbox-log';
import { createCabledApp } from '../database/cabled-app';
import type { TcpProxy } from '../database/tcp-proxy';
import { startGoogle, type TestApp } from '../test-app';
import { writeKeyFile } from '../workspace/workspace-app';

const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';

export const ADA = 'ada@example.com';
const BOB = 'bob@example.com';
export const EVE = 'eve@example.com';

/** A whole service in which there is one of everything, so that each operation can be asked for something. */
export interface PopulatedApp {
  app: TestApp;
  /** What lies between the service and its database. */
  cable: TcpProxy;
  /** A replica of which each key may ask once a minute. */
  strict: Service;
  /** A replica without a service account. */
  consentOnly: Service;
  receiver: Receiver;
  /** Of Ada, whose mailbox is active; of Bob, disconnected; of Eve, with a watch that is being asked for by somebody. */
  ada: string;
  bob: string;
  eve: string;
  endpoint: string;
  delivered: string;
  dead: string;
  event: string;
  apiKey: string;
  /** Keys that may read, and that may do nothing. */
  reader: string;
  nobody: string;
  message: string;
  attachment: string;
  /** A link that nobody has used. */
  session: string;
  token: string;
  close(): Promise<void>;
}

export async function createPopulatedApp(): Promise<PopulatedApp> {
  const google = await startGoogle();
  const keyFile = await writeKeyFile(await google.serviceAccount([MODIFY]));
  const settings = {
    DELIVERY_RETRY_DELAYS: '20ms',
    GMAIL_SCOPES: MODIFY,
    GOOGLE_SERVICE_ACCOUNT_KEY: keyFile.path,
  };
  const { app, cable } = await createCabledApp(settings, google);
  const replica = (own: Record<string, string>) =>
    startService(
      validateEnvironment({ ...app.environment, PORT: '0', ...own }),
      undefined,
      new PinoLogger('silent'),
    );
  const strict = await replica({ API_RATE_LIMIT: '1' });
  const consentOnly = await replica({ GOOGLE_SERVICE_ACCOUNT_KEY: '' });
  const receiver = await Receiver.start();
  receiver.answer = ({ path }) => (path === '/fails' ? { status: 500, body: 'no' } : 204);
  const close = async () => {
    await Promise.all([strict.stop(), consentOnly.stop()]);
    await app.close();
    await cable.cut();
    await receiver.stop();
    await keyFile.remove();
  };
  return { ...(await fill(app, receiver)), app, cable, strict, consentOnly, receiver, close };
}

async function fill(app: TestApp, receiver: Receiver) {
  const { api, google } = app;
  const query = (text: string, values: unknown[]) => app.database.dataSource.query(text, values);
  const endpoint = (await api.post('/v1/endpoints', { url: `${receiver.origin}/takes` }, 201)).id;
  await api.post('/v1/endpoints', { url: `${receiver.origin}/fails`, ordering: 'none' }, 201);
  const ada = await app.connect(ADA, { externalId: 'customer-4711' });
  const [bob, eve] = [await app.connect(BOB), await app.connect(EVE)];
  await api.delete(`/v1/mailboxes/${bob.id}`, 202);
  await query(`INSERT INTO leases (name, holder, expires_at) VALUES ($1, 'another', now() + interval '1h')`, [
    `watch:${eve.id}`,
  ]);
  await query(`INSERT INTO leases (name, holder, expires_at) VALUES ($1, 'another', now() + interval '1h')`, [
    `connection:${eve.id}`,
  ]);
  google.mailbox(ADA).labels.add('Customers');
  const message = google.deliver(ADA, { raw: 'attachment-pdf' }).id;
  await logOf(app, ada);
  const { attachments } = await api.get(`/v1/mailboxes/${ada.id}/messages/${message}`);
  const { data: events } = await api.get('/v1/events?types=message.added');
  const key = (scopes: string[]) => api.post('/v1/api-keys', { name: 'x', scopes }, 201);
  const [reader, nobody] = [await key(['read']), await key(['read'])];
  await query(`UPDATE api_keys SET scopes = '{}' WHERE id = $1`, [nobody.id]);
  await eventually(async () => (await api.get(`/v1/mailboxes/${bob.id}`)).status === 'disconnected');
  const of = async (status: string) => {
    const deliveries = () => api.get(`/v1/deliveries?status=${status}&limit=1`);
    return (await eventually(deliveries, { until: ({ data }) => data.length > 0 })).data[0]!.id;
  };
  const session = await api.post('/v1/connect-sessions', {}, 201);
  return {
    ada: ada.id,
    bob: bob.id,
    eve: eve.id,
    endpoint,
    delivered: await of('delivered'),
    dead: await of('dead'),
    event: events[0]!.id,
    apiKey: reader.id,
    reader: reader.key,
    nobody: nobody.key,
    message,
    attachment: attachments[0]!.id!,
    session: session.id,
    token: session.url.split('/').at(-1)!,
  };
}
