import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../program/compile-cache';

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs the built program with these arguments and settings, and no others, until it ends. */
export function runProgram(
  args: readonly string[],
  settings: Record<string, string> = {},
  directory = tmpdir(),
): Promise<CommandResult> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...COMPILE_CACHE, ...settings };
  return new Promise((resolve) => {
    const main = join(process.cwd(), 'dist/src/main.js');
    execFile(process.execPath, [main, ...args], { env, cwd: directory }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

export interface RunningCommand {
  stdout: string;
  stderr: string;
  /** Sends it a signal. @returns its exit status, or null when the signal ended it */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** The same, for a command that runs until it is ended. */
export function startCommand(args: readonly string[], settings: Record<string, string> = {}): RunningCommand {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...COMPILE_CACHE, ...settings };
  const main = join(process.cwd(), 'dist/src/main.js');
  const child = spawn(process.execPath, [main, ...args], {
    env,
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const command: RunningCommand = {
    stdout: '',
    stderr: '',
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
  child.stdout.on('data', (chunk) => (command.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (command.stderr += String(chunk)));
  return command;
}
