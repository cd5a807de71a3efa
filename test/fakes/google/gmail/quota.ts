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
