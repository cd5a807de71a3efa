import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** Another program of the benchmark, in a process of its own on the same Node. It ends with this one. */
export function startChild(name: string): ChildProcess {
  return fork(join(__dirname, `${name}.js`), [], { execArgv: ['--enable-source-maps'] });
}

/** Sends it one message and resolves with the next that comes back. */
export function ask<Reply>(child: ChildProcess, message: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A process of the benchmark ended too early.'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Reply);
    });
    child.send(message);
  });
}
