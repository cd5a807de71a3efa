import { LocalGoogle } from './local-google';
import { ANN, connect, startGoogle, TOPIC } from './testing/connected';
import { PushReceiver } from './testing/push-receiver';

describe(LocalGoogle.name, () => {
  let google: LocalGoogle;
  let receiver: PushReceiver;

  beforeEach(async () => {
    google = await startGoogle();
    receiver = await PushReceiver.start();
    google.pushTo({
      url: receiver.url,
      serviceAccount: 'push@project-1.iam.gserviceaccount.com',
      audience: receiver.url,
      subscription: 'projects/project-1/subscriptions/gmail',
      topic: TOPIC,
    });
  });

  afterEach(async () => {
    await google.stop();
    await receiver.stop();
  });

  it('serves the official client from consent to revocation', async () => {
    const { gmail, oauth } = await connect(google);
    const watch = await gmail.users.watch({
      userId: 'me',
      requestBody: { topicName: TOPIC, labelIds: ['INBOX'] },
    });
    const { id, historyId } = google.deliver(ANN, { raw: 'plain' });
    await google.pushesSettled();
    expect(receiver.data()).toEqual([
      `{"emailAddress":"${ANN}","historyId":"${watch.data.historyId}"}`,
      `{"emailAddress":"${ANN}","historyId":"${historyId}"}`,
    ]);
    const { data } = await gmail.users.history.list({
      userId: 'me',
      startHistoryId: watch.data.historyId ?? '',
    });
    expect(data.history?.[0]?.messagesAdded?.[0]?.message?.id).toBe(id);
    await gmail.users.stop({ userId: 'me' });
    await oauth.revokeToken(oauth.credentials.refresh_token ?? '');
    expect(google.grantOf(ANN)).toBeNull();
    await expect(gmail.users.getProfile({ userId: 'me' })).rejects.toMatchObject({ status: 401 });
  });

  it('gives each account a first history id that no number can hold', () => {
    const ids = ['a@example.com', 'b@example.com', 'c@example.com'].map((address) =>
      String(google.addAccount(address).historyId),
    );
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(String(Number(id))).not.toBe(id);
  });

  it('logs every call with its account and price', async () => {
    const { gmail } = await connect(google);
    await gmail.users.getProfile({ userId: 'me' });
    expect(google.requests.list({ method: 'gmail.' })).toMatchObject([
      { method: 'gmail.users.getProfile', account: ANN, status: 200, units: 1, batched: false },
    ]);
    expect(google.requests.count({ method: 'oauth2.token' })).toBe(1);
    expect(google.unitsUsed(ANN)).toBe(1);
  });

  it('answers a compressed body only to a user agent that says gzip', async () => {
    const { accessToken } = await connect(google);
    const encodingFor = async (agent: string): Promise<string | null> => {
      const headers = {
        authorization: `Bearer ${accessToken}`,
        'accept-encoding': 'gzip',
        'user-agent': agent,
      };
      const answer = await fetch(`${google.origin}/gmail/v1/users/me/profile`, { headers });
      expect(await answer.json()).toMatchObject({ emailAddress: ANN });
      return answer.headers.get('content-encoding');
    };
    expect(await encodingFor('mine (gzip)')).toBe('gzip');
    expect(await encodingFor('mine')).toBeNull();
  });
});
