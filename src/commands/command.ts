/** `EX_USAGE` of sysexits(3): a command line that cannot be understood. */
export const EXIT_USAGE = 64;

export interface CommandOption {
  /** As commander writes them: `--port <number>`, `--account <address...>`. */
  flags: string;
  description: string;
  default?: string;
}

/** What a command is given: what it was asked for, and where its words go. */
export interface CommandContext<Options> {
  options: Options;
  /** The settings: the process environment over `.env`. */
  environment: Record<string, string | undefined>;
  /** Writes a result, a line: it goes to stdout. */
  print: (line: string) => void;
  /** Writes of the progress, a line: it goes to stderr. */
  report: (line: string) => void;
  /** Aborts at SIGTERM and SIGINT. */
  signal: AbortSignal;
}

/** One command of the program: what `help` says of it, and what it does. */
export interface Command {
  name: string;
  summary: string;
  description: string;
  options: readonly CommandOption[];
  /** Command lines with what they do. */
  examples: readonly (readonly [line: string, does: string])[];
  /** Loads what the command needs, and no sooner. @returns the exit status */
  run: (context: CommandContext<never>) => Promise<number>;
}

/** Thrown by a command whose options do not go together. */
export class UsageError extends Error {}
