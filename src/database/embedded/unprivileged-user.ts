import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

const ANYBODY_MAY_ENTER = 0o001;

/** PostgreSQL refuses to run as root: root runs it as `postgres` when there is such a user, else as `nobody`. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function lookUp(name: string): UnprivilegedUser | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

export function giveTo(user: UnprivilegedUser | undefined, path: string): void {
  if (user) chownSync(path, user.uid, user.gid);
}

/**
 * The command line that runs a program as that user. Below a directory closed to others, such as `/root` or what
 * `mktemp -d` makes, the user could reach neither the programs nor the data: there it keeps root's right to pass.
 */
export function commandAs(
  user: UnprivilegedUser | undefined,
  program: string,
  args: string[],
  paths: string[],
): { command: string; args: string[]; options: Partial<UnprivilegedUser> } {
  if (!user) return { command: program, args, options: {} };
  if ([program, ...paths].every(reachableByAnybody)) return { command: program, args, options: user };
  const right = '+dac_override,+dac_read_search';
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const kept = [`--inh-caps=${right}`, `--ambient-caps=${right}`];
  // PostgreSQL looks at its own programs with access(2), which forgets a right whose holder is not root without this bit.
  const alsoForAccess = '--securebits=+no_setuid_fixup';
  return { command: 'setpriv', args: [alsoForAccess, ...identity, ...kept, program, ...args], options: {} };
}

function reachableByAnybody(path: string): boolean {
  for (let directory = dirname(resolve(path)); ; directory = dirname(directory)) {
    if ((statSync(directory).mode & ANYBODY_MAY_ENTER) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
