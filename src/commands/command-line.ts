import type { Command as CommanderCommand, CommanderError } from 'commander';
import { sentence } from '../common/sentence';
import { readEnvironment } from '../config/environment';
import { type Command, EXIT_USAGE, UsageError } from './command';
import { nearest } from './nearest';
import { programVersion } from './version.command';

/** What a signal ends with that ends a command in the middle, as in shells. */
const EXIT_INTERRUPTED = 130;

const ABOUT =
  'Inboxwire turns Gmail push notifications into a reliable, ordered stream of change events.\n' +
  'Settings come from the environment and from .env; .env.example lists them.';

/** Runs the command that the arguments name. @returns the exit status */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  signal: AbortSignal,
): Promise<number> {
  const commander = await import('commander');
  let status = 0;
  const program = new commander.Command('inboxwire')
    .description(ABOUT)
    .usage('[command] [options]')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the program, or a command')
    .helpCommand('help [command]', 'explain the program, or a command')
    .addHelpText('after', exampleText(commands.flatMap(({ examples }) => examples.slice(0, 1))))
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  for (const command of commands)
    define(program, command, async (options) => {
      status = await runCommand(command, options, signal);
    });
  try {
    refuseUnknownTopic(args, commands);
    // Commander knows no help of `help`: that is the help of all.
    const isHelpOfHelp = args[0] === 'help' && args[1] === 'help';
    await program.parseAsync(isHelpOfHelp ? ['help'] : args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message);
    if (!(error instanceof commander.CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : complain(explain(error, args, commands));
  }
}

function define(
  program: CommanderCommand,
  command: Command,
  run: (options: Record<string, unknown>) => Promise<void>,
): void {
  const defined = program
    .command(command.name)
    .summary(command.summary)
    .description(command.description)
    .usage(command.options.length > 0 ? '[options]' : '')
    .allowExcessArguments(false)
    .addHelpText('after', exampleText(command.examples))
    .action(run);
  for (const option of command.options) defined.option(option.flags, option.description, option.default);
}

async function runCommand(
  command: Command,
  options: Record<string, unknown>,
  signal: AbortSignal,
): Promise<number> {
  // `serve` and `google` end in good order by themselves; what else a command does can stop anywhere.
  if (!['serve', 'google'].includes(command.name))
    signal.addEventListener('abort', () => process.exit(EXIT_INTERRUPTED));
  return command.run({
    options: options as never,
    environment: readEnvironment(),
    print: (line) => process.stdout.write(`${line}\n`),
    report: (line) => process.stderr.write(`${line}\n`),
    signal,
  });
}

/** `help` of a command that there is none of. */
function refuseUnknownTopic([first, topic]: readonly string[], commands: readonly Command[]): void {
  if (first !== 'help' || topic === undefined || topic.startsWith('-')) return;
  const names = [...commands.map(({ name }) => name), 'help'];
  if (!names.includes(topic)) throw new UsageError(unknown('command', topic, names));
}

/** What commander found wrong, with the nearest name that there is. */
function explain(error: CommanderError, args: readonly string[], commands: readonly Command[]): string {
  const given = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownCommand')
    return unknown('command', given, [...commands.map(({ name }) => name), 'help']);
  if (error.code !== 'commander.unknownOption') return asSentence(error.message);
  const command = commands.find(({ name }) => args.includes(name));
  if (command && args.indexOf(given) < args.indexOf(command.name))
    return `Options stand behind the command: ${command.name} ${given}`;
  const flags = (command?.options ?? []).map((option) => option.flags.split(/[ ,]/)[0]!);
  return unknown('option', given, [...flags, '--help', ...(command ? [] : ['--version'])]);
}

function unknown(kind: string, given: string, names: readonly string[]): string {
  const list = kind === 'command' ? ` Commands: ${names.join(', ')}.` : '';
  return `There is no ${kind} "${given}". Did you mean "${nearest(given, names)}"?${list}`;
}

function asSentence(message: string): string {
  const text = message.replace(/^error: /, '');
  return sentence(`${text.charAt(0).toUpperCase()}${text.slice(1)}`);
}

function complain(message: string): number {
  process.stderr.write(`${message}\nHelp: node dist/src/main.js help\n`);
  return EXIT_USAGE;
}

function exampleText(examples: Command['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return ['', 'Examples:', ...examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`)].join('\n');
}
