import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../support/commands/run-command';
import { GOOGLE_SETTINGS, SECRETS } from '../../support/program/local-setup';
import { createTestDatabase } from '../../support/database/database';

const COMMANDS = ['serve', 'setup', 'doctor', 'google', 'version', 'help'];
const COMMANDS_WITH_HELP = COMMANDS.filter((name) => name !== 'help');

/** The commands of the built program, and what it says to whoever starts it for the first time. */
describe('the command line', () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'inboxwire-commands-'))));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const run = (args: string[], settings: Record<string, string> = {}) =>
    runProgram(args, settings, directory);

  it.each(['help', '--help', '-h', 'help help'])('explains every command with %s', async (line) => {
    const { status, stdout, stderr } = await run(line.split(' '));
    expect([status, stderr]).toEqual([0, '']);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(stdout).toContain('Examples:');
  });

  it.each(COMMANDS_WITH_HELP)('explains %s with its examples, both ways', async (name) => {
    const [one, other] = await Promise.all([run(['help', name]), run([name, '--help'])]);
    expect(one).toEqual(other);
    expect([one.status, one.stderr]).toEqual([0, '']);
    expect(one.stdout).toContain(`inboxwire ${name}`);
    // The text is broken at the width of the terminal and nowhere else.
    const [, ...lines] = one.stdout.split('Options:')[0]!.trim().split('\n');
    const short = lines.filter((line, at) => line.length < 40 && !/(\.|^)$/.test(line) && lines[at + 1]);
    expect(short).toEqual([]);
    expect(one.stdout).toMatch(/Options:[^]+Examples:\n {2}\S/);
  });

  it.each([
    [['serv'], '"serv"', '"serve"'],
    [['verson'], '"verson"', '"version"'],
    [['docter'], '"docter"', '"doctor"'],
    [['doctor', '--roundtrip', 'x'], '"--roundtrip"', '"--round-trip"'],
    [['gogle'], '"gogle"', '"google"'],
    [['SETUP'], '"SETUP"', '"setup"'],
    [['google', '--acount', 'a@example.com'], '"--acount"', '"--account"'],
    [['help', 'verson'], '"verson"', '"version"'],
    [['--hlep'], '"--hlep"', '"--help"'],
    [['serve', '--halp'], '"--halp"', '"--help"'],
  ])('ends with 64 at %j and names the nearest', async (args, given, meant) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toContain(given);
    expect(stderr).toContain(`Did you mean ${meant}?`);
  });

  it('ends with 78 under a Node.js that is too old, and says how it is started', async () => {
    const preload = join(process.cwd(), 'test/support/commands/old-node.cjs');
    expect(await run(['version'], { NODE_OPTIONS: `--require ${preload}` })).toEqual({
      status: 78,
      stdout: '',
      stderr: expect.stringMatching(
        /^Inboxwire needs Node\.js 24 or newer, and this is v20\.20\.2\..+`npm start`/,
      ),
    });
  });

  it('ends with 64 at an option before its command, and says where options stand', async () => {
    expect(await run(['--json', 'setup'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('Options stand behind the command: setup --json'),
    });
  });

  it('reads a .env that begins with a mark of its encoding', async () => {
    await writeFile(join(directory, '.env'), '\uFEFFPUBSUB_TOPIC=gmail\r\nPORT=abc\r\n');
    const { stderr } = await run([], GOOGLE_SETTINGS);
    await rm(join(directory, '.env'));
    expect(stderr).toBe(
      'Inboxwire cannot start with these settings:\nPORT: expected a TCP port, 0 to 65535\n',
    );
  });

  it('ends with 64 at an argument that no command takes', async () => {
    expect(await run(['version', 'please'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('please'),
    });
  });

  it.each([['version'], ['--version'], ['-V']])('prints its version with %s', async (arg) => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await run([arg])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[[]], [['serve']]])(
    'names .env.example, the demo and setup when nothing is set: %j',
    async (args) => {
      const { status, stderr } = await run(args);
      expect(status).toBe(78);
      for (const hint of ['.env.example', 'npm run demo', 'npm run setup']) expect(stderr).toContain(hint);
      expect(stderr).toMatch(/^GOOGLE_CLIENT_ID: expected .+$/m);
    },
  );

  it('says only what is wrong to whoever has begun', async () => {
    const { status, stderr } = await run([], { GOOGLE_CLIENT_ID: 'client' });
    expect(status).toBe(78);
    expect(stderr).not.toContain('npm run demo');
  });

  it('refuses the placeholders of .env.example, wherever they were left', async () => {
    await writeFile(join(directory, '.env'), await readFile('.env.example', 'utf8'));
    const { status, stderr } = await run([], { GOOGLE_CLIENT_ID: '….apps.googleusercontent.com' });
    await rm(join(directory, '.env'));
    expect(status).toBe(78);
    for (const name of ['PUBSUB_TOPIC', 'PUBSUB_SUBSCRIPTION', 'PUBSUB_PUSH_SERVICE_ACCOUNT'])
      expect(stderr).toMatch(new RegExp(`^${name}: expected a value of your own in place of PROJECT$`, 'm'));
    expect(stderr).toMatch(/^GOOGLE_CLIENT_ID: expected a value of your own in place of …$/m);
  });

  it('ends with 78 when .env cannot be read, as when Docker has made a directory of it', async () => {
    const mounted = await mkdtemp(join(directory, 'mounted-'));
    await mkdir(join(mounted, '.env'));
    for (const args of [[], ['setup']]) {
      const { status, stderr } = await runProgram(args, GOOGLE_SETTINGS, mounted);
      expect(status).toBe(78);
      expect(stderr).toContain(`${join(mounted, '.env')}: expected a file that this process can read`);
    }
  });

  it('ends with 78 when the key file of the service account cannot be read, or is none', async () => {
    const none = join(directory, 'key.txt');
    await writeFile(none, 'no key');
    for (const file of [none, join(directory, 'nowhere.json')]) {
      const { status, stderr } = await run([], { ...GOOGLE_SETTINGS, GOOGLE_SERVICE_ACCOUNT_KEY: file });
      expect(status).toBe(78);
      expect(stderr).toMatch(/^GOOGLE_SERVICE_ACCOUNT_KEY: expected .+$/m);
    }
  });

  it('warns of a setting that is misspelt, with the one that was meant', async () => {
    const { stderr } = await run([], { MESAGE_PAYLOAD: 'full' });
    expect(stderr).toContain('MESAGE_PAYLOAD is no setting');
    expect(stderr).toContain('Did you mean MESSAGE_PAYLOAD?');
  });

  it('ends with 78 and one sentence when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const database = await createTestDatabase();
    const { port } = taken.address() as { port: number };
    const { status, stderr } = await run([], {
      ...GOOGLE_SETTINGS,
      ...SECRETS,
      DATABASE_URL: database.url,
      PORT: String(port),
    });
    taken.close();
    await database.drop();
    expect(status).toBe(78);
    expect(stderr).toBe(
      `Inboxwire stopped: Another program listens on 127.0.0.1:${port} already. Stop it, or set PORT to a port that is free.\n`,
    );
  });
});
