import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A project of somebody else's, with the client's package as npm packs it, and what it depends on from here. */
export class ClientProject {
  private constructor(
    readonly directory: string,
    /** What is in the package. */
    readonly files: string[],
  ) {}

  static async create(): Promise<ClientProject> {
    const directory = await mkdtemp(join(tmpdir(), 'inboxwire-client-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: resolve('dist/client'),
      env: { ...process.env, npm_config_update_notifier: 'false' },
    });
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const place = join(directory, 'node_modules/inboxwire-client');
    await mkdir(place, { recursive: true });
    await run('tar', ['-xzf', join(directory, filename), '-C', place, '--strip-components=1']);
    await mkdir(join(directory, 'node_modules/@types'));
    for (const dependency of ['standardwebhooks', 'eventsource-parser', '@types/node'])
      await symlink(resolve('node_modules', dependency), join(directory, 'node_modules', dependency));
    return new ClientProject(
      directory,
      files.map(({ path }) => path),
    );
  }

  /** Text of a file; undefined when there is none. */
  read(file: string): Promise<string | undefined> {
    return readFile(join(this.directory, file), 'utf8').catch(() => undefined);
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.directory, file), text);
  }

  copy(from: string, file: string): Promise<void> {
    return cp(resolve(from), join(this.directory, file));
  }

  /** What TypeScript finds wrong with these files, by strict rules, or by those of a configuration of the project. */
  async faults(files: string[], base?: string): Promise<string[]> {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    };
    const config = base ? { extends: `./${base}`, compilerOptions: { noEmit: true } } : { compilerOptions };
    await this.write('tsconfig.json', JSON.stringify({ ...config, files }));
    const { stdout } = await this.tsc().catch((error: { stdout: string }) => error);
    return stdout.split('\n').filter((line) => /^\S/.test(line));
  }

  /** Writes `tsconfig.init.json`: what `tsc --init` gives with these options, and nothing else changed. */
  async init(options: Record<string, string[]> = {}): Promise<void> {
    await rm(join(this.directory, 'tsconfig.json'), { force: true });
    const given = Object.entries(options).flatMap(([name, values]) => [`--${name}`, values.join(',')]);
    await this.tsc('--init', ...given);
    await rename(join(this.directory, 'tsconfig.json'), join(this.directory, 'tsconfig.init.json'));
  }

  private tsc(...args: string[]): Promise<{ stdout: string }> {
    return run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...args], {
      cwd: this.directory,
    });
  }

  /** What Node prints when it is given these arguments. */
  async node(...args: string[]): Promise<string> {
    return (await run(process.execPath, args, { cwd: this.directory })).stdout;
  }

  start(file: string, environment: Record<string, string>): Application {
    return new Application(
      spawn(process.execPath, [file], { cwd: this.directory, env: environment, stdio: 'pipe' }),
    );
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

class Application {
  /** What it has printed so far. */
  output = '';
  errors = '';
  private readonly closed: Promise<unknown[]>;

  constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk) => (this.output += String(chunk)));
    child.stderr!.on('data', (chunk) => (this.errors += String(chunk)));
    this.closed = once(child, 'close');
  }

  /** Asks it to end. @returns its exit status, or the signal that ended it */
  async stop(): Promise<number | string> {
    this.child.kill('SIGTERM');
    const [code, signal] = await this.closed;
    return (code ?? signal) as number | string;
  }
}
