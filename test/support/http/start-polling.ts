import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PollingOrder } from './polling-clients';

/** Built, also where this file is source. */
const PROGRAM = join(process.cwd(), 'dist', 'test', 'support', 'http', 'polling-clients.js');

/**
 * Clients that ask again as soon as they have an answer, in a process of their own: their work is not that of the service.
 * They are under way when this resolves.
 *
 * @returns how to end them, which gives how often each status was answered
 */
export async function startPolling(order: PollingOrder): Promise<() => Promise<Record<string, number>>> {
  const child = fork(PROGRAM, []);
  child.send(order);
  await once(child, 'message');
  return async () => {
    child.send('stop');
    const [answers] = await once(child, 'message');
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
    return answers as Record<string, number>;
  };
}
