import type { GoogleClock } from '../clock';
import { GmailError } from './gmail-error';

const MINUTE_MS = 60_000;
/** No mailbox has such a name. */
const PROJECT = '';

/** What was spent in the last minute: cheap at any number of calls. */
class LastMinute {
  units = 0;
  private spent: { at: number; units: number }[] = [];
  private first = 0;

  add(at: number, units: number): void {
    this.spent.push({ at, units });
    this.units += units;
  }

  forgetUntil(time: number): this {
    for (let oldest; (oldest = this.spent[this.first]) && oldest.at <= time; this.first += 1)
      this.units -= oldest.units;
    if (this.first > 1_000 && this.first > this.spent.length / 2) {
      this.spent = this.spent.slice(this.first);
      this.first = 0;
    }
    return this;
  }

  get oldestAt(): number | undefined {
    return this.spent[this.first]?.at;
  }
}

/** Units of the last sixty seconds, for each mailbox and for the project, wherever they begin; refuses only when enforced. */
export class Quota {
  enforced = false;
  perMailbox = 6_000;
  perProject = 1_200_000;
  /** The answer over the limit: Google uses both. */
  refuseWith: 403 | 429 = 403;
  /** Calls of one mailbox under way at once; Google's number is not published. It bites with `latencyMs` only. */
  concurrentPerMailbox: number | null = null;
  private readonly underWay = new Map<string, number>();
  private readonly spent = new Map<string, LastMinute>();

  constructor(private readonly clock: GoogleClock) {}

  charge(mailbox: string, units: number): void {
    const ofMailbox = this.lately(mailbox);
    const ofProject = this.lately(PROJECT);
    if (this.enforced && ofMailbox.units + units > this.perMailbox)
      throw this.refusal('userRateLimitExceeded', ofMailbox);
    if (this.enforced && ofProject.units + units > this.perProject)
      throw this.refusal('rateLimitExceeded', ofProject);
    for (const spent of [ofMailbox, ofProject]) spent.add(this.clock.now(), units);
  }

  /** Counts a call as under way while it runs. */
  async within<T>(mailbox: string, run: () => Promise<T>): Promise<T> {
    const others = this.underWay.get(mailbox) ?? 0;
    if (this.concurrentPerMailbox !== null && others >= this.concurrentPerMailbox)
      throw new GmailError(429, 'rateLimitExceeded', 'Too many concurrent requests for user');
    this.underWay.set(mailbox, others + 1);
    try {
      return await run();
    } finally {
      this.underWay.set(mailbox, (this.underWay.get(mailbox) ?? 1) - 1);
    }
  }

  private lately(whose: string): LastMinute {
    const spent = this.spent.get(whose) ?? new LastMinute();
    this.spent.set(whose, spent);
    return spent.forgetUntil(this.clock.now() - MINUTE_MS);
  }

  private refusal(
    reason: 'userRateLimitExceeded' | 'rateLimitExceeded',
    { oldestAt = this.clock.now() }: LastMinute,
  ): GmailError {
    const until = new Date(oldestAt + MINUTE_MS).toISOString();
    const ofProject = reason === 'rateLimitExceeded';
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: {
          service: 'gmail.googleapis.com',
          quota_metric: 'gmail.googleapis.com/default',
          quota_limit: ofProject ? 'defaultPerMinutePerProject' : 'defaultPerMinutePerUser',
        },
      },
    ];
    const message = `${ofProject ? 'Rate' : 'User-rate'} limit exceeded.  Retry after ${until}`;
    return new GmailError(this.refuseWith, reason, message, { domain: 'usageLimits', details });
  }
}
