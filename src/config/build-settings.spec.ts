import { buildSettings } from './build-settings';
import { validateEnvironment } from './validate-environment';

const COMPLETE = {
  GOOGLE_CLIENT_ID: 'client',
  GOOGLE_CLIENT_SECRET: 'secret',
  PUBSUB_TOPIC: 'projects/p/topics/t',
  PUBSUB_SUBSCRIPTION: 'projects/p/subscriptions/s',
  PUBSUB_PUSH_SERVICE_ACCOUNT: 'push@p.iam.gserviceaccount.com',
};
const ESSENTIALS = {
  databaseUrl: 'postgres://localhost/inboxwire',
  apiKey: 'x'.repeat(24),
  encryptionKeys: `1:${Buffer.alloc(32).toString('base64')}`,
};

describe(buildSettings, () => {
  const settingsOf = (environment: Record<string, string>) =>
    buildSettings(validateEnvironment({ ...COMPLETE, ...environment }), ESSENTIALS);

  it('takes lists as people write them, with spaces or without', () => {
    const { watch, delivery } = settingsOf({
      WATCH_LABEL_IDS: 'INBOX, SENT,Label_1',
      DELIVERY_RETRY_DELAYS: '1s, 2s',
    });
    expect(watch.labelIds).toEqual(['INBOX', 'SENT', 'Label_1']);
    expect(delivery.retryDelays).toEqual([1_000, 2_000]);
  });
});
