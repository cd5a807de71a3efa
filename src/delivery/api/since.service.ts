import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../../common/inboxwire.error';
import { DatabaseClock } from '../../database/database-clock.service';
import { readTime } from '../../http/validation';

/** How far the clock of whoever asks may be ahead. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Reads the time since when something is asked for. */
@Injectable()
export class SinceService {
  constructor(private readonly clock: DatabaseClock) {}

  /**
   * @param text RFC 3339
   * @returns milliseconds since the epoch
   * @throws InvalidValueError for a time that does not exist, or is in the future by the clock of the database
   */
  async read(text: string): Promise<number> {
    const time = readTime('since', text);
    if (time > (await this.clock.now()).getTime() + CLOCK_TOLERANCE_MS)
      throw new InvalidValueError('since', 'since must not be in the future: nothing was appended then');
    return time;
  }
}
