import { readFileSync } from 'node:fs';
import { EnvironmentVariables } from './environment-variables';
import { SettingsError } from './settings.error';
import { SETTING_NAMES, validateEnvironment } from './validate-environment';

const complete = {
  GOOGLE_CLIENT_ID: 'client',
  GOOGLE_CLIENT_SECRET: 'secret',
  PUBSUB_TOPIC: 'projects/p/topics/t',
  PUBSUB_SUBSCRIPTION: 'projects/p/subscriptions/s',
  PUBSUB_PUSH_SERVICE_ACCOUNT: 'push@p.iam.gserviceaccount.com',
};

const faultsOf = (environment: Record<string, string | undefined>): string[] => {
  try {
    validateEnvironment(environment);
    return [];
  } catch (error) {
    return (error as SettingsError).faults.map(({ variable }) => variable).sort();
  }
};

/** What is expected of each setting that is a duration: `1s to 30d`. */
const durationRanges = (): Record<string, string> => {
  try {
    validateEnvironment({
      ...complete,
      ...Object.fromEntries(SETTING_NAMES.filter((name) => !(name in complete)).map((name) => [name, ' '])),
    });
    return {};
  } catch (error) {
    const ranges = (error as SettingsError).faults.map(({ variable, expected }) => [
      variable,
      /durations? from (\S+ to [^, ]+)/.exec(expected)?.[1],
    ]);
    return Object.fromEntries(ranges.filter(([, range]) => range !== undefined)) as Record<string, string>;
  }
};

describe(validateEnvironment, () => {
  it('needs nothing but Google', () => {
    expect(faultsOf(complete)).toEqual([]);
  });

  it('reports everything that is missing at once', () => {
    expect(faultsOf({})).toEqual(Object.keys(complete).sort());
  });

  it.each([
    ['GOOGLE_CLIENT_SECRET', '"secret"', 'no quotes around the value: `docker run --env-file` keeps them'],
    [
      'PUBSUB_TOPIC',
      "'projects/p/topics/t'",
      'projects/PROJECT/topics/TOPIC; and no quotes around the value',
    ],
    ['GOOGLE_CLIENT_ID', 'client\n', 'no spaces or line ends around the value'],
    ['PORT', ' 3000', 'a TCP port, 0 to 65535; and no spaces or line ends around the value'],
    ['HOST', ' ', 'no spaces or line ends around the value'],
    ['GMAIL_SCOPES', 'https://a.example/a,https://a.example/b', 'Gmail scopes (URLs), separated by spaces'],
  ])('refuses %s=%j, whose form is not what it seems', (variable, value, expected) => {
    const environment = { ...complete, [variable]: value };
    expect(faultsOf(environment)).toEqual([variable]);
    expect(() => validateEnvironment(environment)).toThrow(`${variable}: expected ${expected}`);
  });

  it.each([
    ['PUBSUB_TOPIC', 'projects/PROJECT/topics/gmail', 'PROJECT'],
    ['PUBSUB_SUBSCRIPTION', 'projects/my-project/subscriptions/SUBSCRIPTION', 'SUBSCRIPTION'],
    ['PUBSUB_PUSH_SERVICE_ACCOUNT', 'pubsub-push@PROJECT.iam.gserviceaccount.com', 'PROJECT'],
    ['GOOGLE_CLIENT_ID', '….apps.googleusercontent.com', '…'],
    ['GOOGLE_CLIENT_SECRET', '…', '…'],
  ])('refuses %s with the placeholder of an example: %s', (variable, value, placeholder) => {
    const environment = { ...complete, [variable]: value };
    expect(faultsOf(environment)).toEqual([variable]);
    expect(() => validateEnvironment(environment)).toThrow(`a value of your own in place of ${placeholder}`);
  });

  it('treats an empty variable as an unset one', () => {
    expect(faultsOf({ ...complete, PORT: '', GOOGLE_CLIENT_ID: '' })).toEqual(['GOOGLE_CLIENT_ID']);
  });

  it('needs no service account of pushes where notifications are pulled, and checks one that is given', () => {
    const pull = { ...complete, PUBSUB_DELIVERY: 'pull', PUBSUB_PUSH_SERVICE_ACCOUNT: undefined };
    expect(faultsOf(pull)).toEqual([]);
    expect(faultsOf({ ...pull, PUBSUB_PUSH_SERVICE_ACCOUNT: 'push' })).toEqual([
      'PUBSUB_PUSH_SERVICE_ACCOUNT',
    ]);
    expect(faultsOf({ ...pull, PUBSUB_DELIVERY: 'push' })).toEqual(['PUBSUB_PUSH_SERVICE_ACCOUNT']);
    expect(faultsOf({ ...pull, PUBSUB_SUBSCRIPTION: undefined })).toEqual(['PUBSUB_SUBSCRIPTION']);
  });

  it('requires the secrets where DATABASE_URL is set', () => {
    const environment = { ...complete, DATABASE_URL: 'postgres://localhost/x' };
    expect(faultsOf(environment)).toEqual(['API_KEY', 'ENCRYPTION_KEYS']);
    for (const line of [/^API_KEY: expected/m, /^ENCRYPTION_KEYS: expected/m])
      expect(() => validateEnvironment(environment)).toThrow(line);
  });

  const key = Buffer.alloc(32, 7).toString('base64');
  it.each([
    ['PORT', '70000'],
    ['PUBLIC_URL', 'mail.example.com'],
    ['PUBLIC_URL', 'https://example.com/path'],
    ['DATABASE_URL', 'mysql://x'],
    ['API_KEY', 'too-short'],
    ['API_RATE_LIMIT', '-1'],
    ['API_RATE_LIMIT', '1e9'],
    ['DATABASE_POOL_SIZE', '4'],
    ['DATABASE_POOL_SIZE', '1000'],
    ['DATABASE_POOL_SIZE', '5.5'],
    ['ENCRYPTION_KEYS', key],
    ['ENCRYPTION_KEYS', `a:${key},a:${key}`],
    ['ENCRYPTION_KEYS', `a:${Buffer.alloc(16).toString('base64')}`],
    ['GOOGLE_SERVICE_ACCOUNT_KEY', '/no/such/key.json'],
    ['GOOGLE_ORIGIN', 'http://google.example.com'],
    ['GOOGLE_ORIGIN', 'http://127.0.0.1.example.com'],
    ['HTTPS_PROXY', 'socks5://proxy.example.com:1080'],
    ['HTTPS_PROXY', 'http://'],
    ['HTTPS_PROXY', 'not a url'],
    ['PUBSUB_DELIVERY', 'poll'],
    ['PUBSUB_EMULATOR_HOST', 'a host'],
    ['PUBSUB_TOPIC', 'gmail'],
    ['PUBSUB_SUBSCRIPTION', 'projects/p/topics/t'],
    ['PUBSUB_PUSH_SERVICE_ACCOUNT', 'nobody'],
    ['WATCH_LABEL_FILTER_BEHAVIOR', 'INCLUDE'],
    ['WATCH_RENEW_BEFORE', '1 day'],
    ['WATCH_RENEW_BEFORE', '31d'],
    ['WATCH_RENEWAL_INTERVAL', '25d'],
    ['WATCH_RENEWAL_INTERVAL', '0s'],
    ['WATCH_RENEWAL_INTERVAL', '-1s'],
    ['WATCH_RENEWAL_INTERVAL', '1ms'],
    ['RECONCILE_INTERVAL', '0ms'],
    ['RECONCILE_INTERVAL', '1ms'],
    ['RECONCILE_INTERVAL', '999999999d'],
    ['EVENT_RETENTION', '0d'],
    ['EVENT_RETENTION', '3651d'],
    ['DELIVERY_RETRY_DELAYS', '5s,31d'],
    ['DELIVERY_RETRY_DELAYS', '0s'],
    ['DELIVERY_RETRY_DELAYS', Array(1_001).fill('1s').join(',')],
    ['MESSAGE_PAYLOAD', 'everything'],
    ['DELIVERY_RETRY_DELAYS', '5s,,5m'],
    ['ALLOW_PRIVATE_ENDPOINTS', 'yes'],
    ['ALLOW_PRIVATE_ENDPOINTS', '1'],
    ['CONSOLE', '1'],
    ['SUPPRESS_OWN_CHANGES', '1'],
    ['REVOKE_UNUSABLE_CONSENTS', 'yes'],
    ['LOG_LEVEL', 'loud'],
    ['CONNECT_PAGE', 'yes'],
    ['BRAND_NAME', 'x'.repeat(81)],
    ['BRAND_NAME', 'two\nlines'],
    ['BRAND_LOGO_URL', 'http://acme.example/logo.png'],
    ['BRAND_LOGO_URL', '/logo.png'],
    ['BRAND_PRIVACY_URL', 'javascript:alert(1)'],
    ['BRAND_SUPPORT_URL', 'mailto:help@acme.example'],
    ['BRAND_ACCENT_COLOR', 'red'],
    ['BRAND_ACCENT_COLOR', '#fff'],
    ['BRAND_LANGUAGES', 'en,it'],
    ['BRAND_LANGUAGES', 'en,en'],
    ['BRAND_LANGUAGES', ','],
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ ...complete, [variable]: value })).toContain(variable);
  });

  it.each(['100%sure-of-it', 'p@ss/word-of-it'])(
    'asks for percent-encoding and does not show the password %s',
    (password) => {
      const DATABASE_URL = `postgres://inboxwire:${password}@127.0.0.1:1/inboxwire`;
      const validate = () => validateEnvironment({ ...complete, DATABASE_URL });
      expect(validate).toThrow(/^DATABASE_URL: expected .*percent-encoded/m);
      expect(validate).not.toThrow('of-it');
    },
  );

  it('names the range of a duration that is beyond it', () => {
    expect(() => validateEnvironment({ ...complete, WATCH_RENEWAL_INTERVAL: '25d' })).toThrow(
      'WATCH_RENEWAL_INTERVAL: expected a duration from 10ms to 1d',
    );
  });

  it.each([
    ['WATCH_RENEW_BEFORE', '6d'],
    ['WATCH_RENEW_BEFORE', '30d'],
    ['WATCH_RENEWAL_INTERVAL', '10ms'],
    ['WATCH_RENEWAL_INTERVAL', '1d'],
    ['RECONCILE_INTERVAL', '30d'],
    ['EVENT_RETENTION', '3650d'],
    ['DELIVERY_RETRY_DELAYS', '30d,1ms'],
    ['GOOGLE_ORIGIN', 'http://127.0.0.1:9000'],
    ['GOOGLE_ORIGIN', 'http://localhost:9000'],
    ['GOOGLE_ORIGIN', 'http://[::1]:9000'],
    ['ENCRYPTION_KEYS', `new:${key},old:${Buffer.alloc(32, 1).toString('base64')}`],
    ['HTTPS_PROXY', 'http://user:p%40ss@proxy.example.com:3128'],
    ['HTTPS_PROXY', 'proxy.example.com:3128'],
    ['NO_PROXY', 'localhost,.example.com,*'],
    ['DELIVERY_RETRY_DELAYS', '1s'],
    ['API_RATE_LIMIT', '0'],
    ['DATABASE_POOL_SIZE', '5'],
    ['DATABASE_POOL_SIZE', '999'],
    ['BRAND_LOGO_URL', 'https://acme.example/logo.png?v=2'],
    ['BRAND_SUPPORT_URL', 'http://localhost:8080/help'],
    ['BRAND_ACCENT_COLOR', '#FFD400'],
    ['BRAND_LANGUAGES', 'ja, en'],
    ['WATCH_LABEL_IDS', 'INBOX, SENT'],
  ])('accepts %s=%s', (variable, value) => {
    expect(faultsOf({ ...complete, [variable]: value })).toEqual([]);
  });
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const documented = lines.flatMap((line) =>
    /^(?:# )?([A-Z][A-Z_]+)=(.*)$/.exec(line)?.slice(1, 3) ? [line] : [],
  );
  const entries = documented.map(
    (line) => /^(?:# )?([A-Z_]+)=(.*)$/.exec(line)!.slice(1, 3) as [string, string],
  );

  it('names every setting once and no other', () => {
    expect(entries.map(([name]) => name).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it('leaves the range of every duration to the README', () => {
    const readme = readFileSync('README.md', 'utf8');
    const ranges = durationRanges();
    expect(Object.keys(ranges)).toHaveLength(5);
    for (const [name, range] of Object.entries(ranges))
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\`.*${range}`, 'm'));
  });

  it('shows the defaults as they are', () => {
    const defaults: Record<string, unknown> = { ...new EnvironmentVariables() };
    const shown = Object.fromEntries(entries);
    for (const [name, value] of Object.entries(defaults))
      if (value !== undefined) expect([name, shown[name]]).toEqual([name, value]);
  });
});
