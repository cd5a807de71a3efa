import type { LocalGoogle } from '../local-google';
import { ANN, connect, EVERYTHING, startGoogle } from '../testing/connected';
import { HttpFront } from './http-front';

const BODIES = ['', 'null', '[]', '{', '%', '{"labelIds":5}', '{"topicName":7}', '{"addLabelIds":[1]}'];
const GMAIL_PATHS = [
  'watch',
  'history?startHistoryId=-1',
  'history?startHistoryId=1&pageToken=%%%',
  'messages?pageToken=zz&q=-',
  'messages?q=%22',
  'messages?maxResults=1e9',
  'messages/%E0%A4%A',
  'messages/1?fields=((((',
  'labels/%00',
  'nothing',
];

describe(HttpFront.name, () => {
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle();
  });

  afterEach(() => google.stop());

  const statusOf = async (path: string, init: RequestInit): Promise<number> => {
    const answer = await fetch(google.origin + path, init);
    await answer.arrayBuffer();
    return answer.status;
  };

  it.each(['/token', '/revoke', '/batch/gmail/v1', '/o/oauth2/v2/auth', '/nothing'])(
    'never answers nonsense at %s with a 5xx',
    async (path) => {
      for (const body of BODIES)
        for (const type of [
          'application/json',
          'multipart/mixed; boundary=x',
          'application/x-www-form-urlencoded',
        ])
          for (const authorization of ['Basic %', 'Basic JTolZA==', 'Bearer']) {
            const headers = { 'content-type': type, authorization };
            expect(await statusOf(path, { method: 'POST', headers, body })).toBeLessThan(500);
          }
    },
  );

  it('never answers nonsense in the Gmail API with a 5xx', async () => {
    const { accessToken } = await connect(google, EVERYTHING, ANN);
    const headers = { authorization: `Bearer ${accessToken}` };
    for (const path of GMAIL_PATHS.map((below) => `/gmail/v1/users/me/${below}`)) {
      expect(await statusOf(path, { headers })).toBeLessThan(500);
      for (const body of BODIES)
        expect(await statusOf(path, { method: 'POST', headers, body })).toBeLessThan(500);
    }
  });
});
