import type { DataSource } from 'typeorm';
import { eventually } from '../eventually';

/**
 * Resolves when nothing of what changes of endpoints left to be done is left. A request waits for its own part of it for a
 * moment only, so on a busy machine it is answered before.
 *
 * @param timeout milliseconds
 */
export async function tasksDone(dataSource: DataSource, timeout?: number): Promise<void> {
  await eventually(() => dataSource.query<unknown[]>('SELECT FROM endpoint_tasks'), {
    until: (left) => left.length === 0,
    ...(timeout !== undefined && { timeout }),
  });
}
