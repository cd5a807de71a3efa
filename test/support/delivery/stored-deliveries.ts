import type { DataSource } from 'typeorm';
import type { Attempt } from '../../../src/delivery/attempt/delivery.types';
import { readAttempt, type StoredAttempt } from '../../../src/delivery/attempt/stored-attempt';

export interface StoredDelivery {
  status: string;
  attempts: Attempt[];
  next_attempt_at: Date | null;
}

/** The rows of all deliveries, or of those with a status, in the order of their sequences. */
export async function storedDeliveries(dataSource: DataSource, status?: string): Promise<StoredDelivery[]> {
  const rows = await dataSource.query<(Omit<StoredDelivery, 'attempts'> & { attempts: StoredAttempt[] })[]>(
    'SELECT * FROM deliveries WHERE $1::text IS NULL OR status = $1 ORDER BY sequence',
    [status ?? null],
  );
  return rows.map((row) => ({ ...row, attempts: row.attempts.map(readAttempt) }));
}
