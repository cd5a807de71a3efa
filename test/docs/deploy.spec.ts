import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { databaseTarget } from '../../src/config/database-url';
import { SETTING_NAMES, validateEnvironment } from '../../src/config/validate-environment';

const deploy = readFileSync('docs/deploy.md', 'utf8');
const cloudRun = readFileSync('docs/cloud-run.md', 'utf8');
const blockOf = (text: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n(?<block>.*?)\`\`\``, 's').exec(text)!.groups!.block!;

/** How long a process takes from SIGTERM to its end, at most (s). */
const MAX_STOP_SECONDS = 10;
const PUBLIC = ['/webhooks/gmail', '/auth/google/callback', '/connect/'];
const SECRETS = {
  API_KEY: 'k'.repeat(64),
  ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  GOOGLE_CLIENT_ID: 'client',
  GOOGLE_CLIENT_SECRET: 'secret',
};

describe('docs/deploy.md', () => {
  it.each([
    ['Caddy', 'caddyfile', /@public path (.+)/],
    ['nginx', 'nginx', /(?<=location =? ?)\/\w\S*(?= \{)/g],
  ])('has an example of %s that passes on the public paths and no other', (_, language, paths) => {
    const block = blockOf(deploy, language);
    const found = paths.global ? block.match(paths)! : paths.exec(block)![1]!.split(' ');
    expect(found.map((path) => path.replace('*', '')).sort()).toEqual([...PUBLIC].sort());
    expect(block).toMatch(/respond 404|return 404/);
    // A push may have 1 MiB.
    expect(block).toMatch(/max_size 1MiB|client_max_body_size 1m;/);
  });

  it('has settings for compose with which the service starts, and gives it the time to stop', () => {
    const lines = /cat > docs\/inboxwire\.env <<EOF\n(.*?)EOF/s.exec(deploy)![1]!.trim().split('\n');
    const given = Object.fromEntries(
      lines.map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1, 3) as [string, string]),
    );
    expect(Object.keys(given).filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
    const DATABASE_URL = given.DATABASE_URL!.replace('$PASSWORD', 'a'.repeat(48));
    expect(() => validateEnvironment({ ...given, DATABASE_URL, ...SECRETS })).not.toThrow();
    const { services } = parse(readFileSync('docs/compose.yaml', 'utf8')) as {
      services: { inboxwire: { stop_grace_period: string; env_file: string } };
    };
    expect(services.inboxwire.env_file).toBe('inboxwire.env');
    expect(parseInt(services.inboxwire.stop_grace_period)).toBeGreaterThan(MAX_STOP_SECONDS);
  });

  it('has one line for one container, and a unit of systemd, which give the service the time to stop', () => {
    const [, line] = /^(docker build .* && docker run .*)$/m.exec(deploy)!;
    expect(Number(/--stop-timeout (\d+)/.exec(line!)![1])).toBeGreaterThan(MAX_STOP_SECONDS);
    const unit = blockOf(deploy, 'ini');
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)![1])).toBeGreaterThan(MAX_STOP_SECONDS);
    expect(unit).toMatch(/^RestartPreventExitStatus=78$/m);
  });

  it('sizes by the CPU time that was measured: 35 and 350 changes a second in the busiest time', () => {
    const cells = (text: string, row: string) =>
      new RegExp(`^\\| ${row} .*$`, 'm').exec(text)![0].split('|').slice(2);
    const numbers = (cell: string) => (cell.match(/\d+\.\d+/g) ?? []).map(Number);
    const benchmarks = readFileSync('docs/benchmarks.md', 'utf8');
    const measured = (row: string) => numbers(cells(benchmarks, row)[3]!);
    const [steady, saturated] = [
      measured('CPU a change, at 100 changes/s'),
      measured('CPU a change, saturated: service \\+ PostgreSQL'),
    ];
    const rows = ['CPU of all replicas', 'CPU of PostgreSQL'].map((row) => cells(deploy, row).map(numbers));
    for (const [at, [few, many, from]] of rows.entries()) {
      expect(from).toEqual([steady[at], saturated[at]]);
      expect(few![0]).toBeCloseTo((35 * steady[at]!) / 1_000, 2);
      expect(many![0]).toBeCloseTo((350 * saturated[at]!) / 1_000, 1);
      expect(many![1]).toBeCloseTo((350 * steady[at]!) / 1_000, 1);
    }
  });

  it.each([
    [1_000, 9_000_000],
    [10_000, 90_000_000],
  ])('counts right what Google charges for %i mailboxes', (mailboxes, notifications) => {
    // 300 changes a day, published and delivered, each counted as 1,000 bytes; $40 for a TiB, 10 GiB of it free.
    expect(mailboxes * 300 * 30).toBe(notifications);
    const gib = (2 * notifications * 1_000) / 2 ** 30;
    const row = new RegExp(
      `^\\|\\s+${mailboxes.toLocaleString('en')} \\|\\s+${notifications.toLocaleString('en')} \\|(.*)$`,
      'm',
    );
    const [, rest] = row.exec(deploy)!;
    expect(rest).toContain(`${gib.toFixed(1)} GiB`);
    expect(rest).toContain(`$${(((gib - 10) / 1_024) * 40).toFixed(2)}`);
  });
});

describe('docs/cloud-run.md', () => {
  it('has settings with which the service starts, and DATABASE_URL leads to the socket of Cloud SQL', () => {
    const [, yaml] = /cat > inboxwire\.yaml <<EOF\n(.*?)EOF/s.exec(cloudRun)!;
    const [, url] = /printf %s "(postgres:[^"]+)"/.exec(cloudRun)!;
    const shell = { PROJECT: 'my-project', PUBLIC_URL: 'https://x.run.app', GOOGLE_CLIENT_ID: 'client' };
    const filled = (text: string) =>
      Object.entries({ ...shell, INSTANCE: 'my-project:europe-west1:inboxwire' }).reduce(
        (all, [name, value]) => all.replaceAll(`$${name}`, value),
        text,
      );
    const DATABASE_URL = filled(url!);
    const settings = parse(filled(yaml!)) as Record<string, string>;
    expect(() => validateEnvironment({ ...settings, ...SECRETS, DATABASE_URL })).not.toThrow();
    expect(databaseTarget(DATABASE_URL)).toMatchObject({
      host: '/cloudsql/my-project:europe-west1:inboxwire',
      user: 'inboxwire',
      database: 'inboxwire',
    });
  });

  it('says what to do about tokens whose signature IAM has taken away', () => {
    expect(cloudRun).toContain('.SIGNATURE_REMOVED_BY_GOOGLE');
    expect(blockOf(cloudRun, 'sh')).toContain('--no-invoker-iam-check');
  });
});
