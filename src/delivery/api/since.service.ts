import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InvalidValueError } from '../../common/inboxwire.error';
import { databaseTime } from '../../database/session.store';
import { readTime } from '../../http/validation';

/** How far the clock of whoever asks may be ahead. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Reads the time since when something is asked for. */
@Injectable()
export class SinceService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param text RFC 3339
   * @returns milliseconds since the epoch
   * @throws InvalidValueError for a time that does not exist, or is in the future by the clock of the database
   */
  async read(text: string): Promise<number> {
    const time = readTime('since', text);
    const isSuspect = time > Date.now() + CLOCK_TOLERANCE_MS;
    if (isSuspect && time > (await databaseTime(this.dataSource)) + CLOCK_TOLERANCE_MS)
      throw new InvalidValueError('since', 'since must not be in the future: nothing was appended then');
    return time;
  }
}
