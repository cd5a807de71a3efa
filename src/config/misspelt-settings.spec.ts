import { misspeltSettings } from './misspelt-settings';

describe(misspeltSettings, () => {
  it.each([
    ['MESAGE_PAYLOAD', 'MESSAGE_PAYLOAD'],
    ['PUBSUB_TOPICS', 'PUBSUB_TOPIC'],
    ['message_payload', 'MESSAGE_PAYLOAD'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['APIKEY', 'API_KEY'],
    ['LOGLEVEL', 'LOG_LEVEL'],
  ])('finds that %s was meant as %s', (name, meant) =>
    expect(misspeltSettings({ [name]: 'x', PORT: '3000' })).toEqual([{ name, meant }]),
  );

  it('leaves the names of others alone', () => {
    const others = ['PATH', 'HOME', 'HOSTNAME', 'HTTP_PROXY', 'https_proxy', 'no_proxy', 'USER', 'NODE_ENV'];
    expect(misspeltSettings(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual([]);
  });
});
