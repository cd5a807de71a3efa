import type { GoogleClock } from '../clock';
import { GmailError } from './gmail-error';

const MINUTE_MS = 60_000;

/** Units of the running minute, for each mailbox and for the project; refuses only when enforced. */
export class Quota {
  enforced = false;
  perMailbox = 6_000;
  perProject = 1_200_000;
  /** The answer over the limit: Google uses both. */
  refuseWith: 403 | 429 = 403;
  /** Calls of one mailbox under way at once; Google's number is not published. It bites with `latencyMs` only. */
  concurrentPerMailbox: number | null = null;
  private readonly underWay = new Map<string, number>();
  private minute = 0;
  private readonly spent = new Map<string, number>();
  private total = 0;

  constructor(private readonly clock: GoogleClock) {}

  charge(mailbox: string, units: number): void {
    this.turn();
    const spent = (this.spent.get(mailbox) ?? 0) + units;
    if (this.enforced && spent > this.perMailbox) throw this.refusal('userRateLimitExceeded');
    if (this.enforced && this.total + units > this.perProject) throw this.refusal('rateLimitExceeded');
    this.spent.set(mailbox, spent);
    this.total += units;
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

  private turn(): void {
    const minute = Math.floor(this.clock.now() / MINUTE_MS);
    if (minute === this.minute) return;
    this.minute = minute;
    this.spent.clear();
    this.total = 0;
  }

  private refusal(reason: 'userRateLimitExceeded' | 'rateLimitExceeded'): GmailError {
    const until = new Date((this.minute + 1) * MINUTE_MS).toISOString();
    const whose = reason === 'rateLimitExceeded' ? 'Rate' : 'User-rate';
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: { service: 'gmail.googleapis.com', quota_metric: 'gmail.googleapis.com/default' },
      },
    ];
    const message = `${whose} limit exceeded.  Retry after ${until}`;
    return new GmailError(this.refuseWith, reason, message, { domain: 'usageLimits', details });
  }
}
