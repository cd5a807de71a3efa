import type { GoogleClock } from '../clock';
import { GmailError } from './gmail-error';

const MINUTE_MS = 60_000;
/** No mailbox has such a name. */
const PROJECT = '';

interface Spent {
  at: number;
  units: number;
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
  private readonly spent = new Map<string, Spent[]>();

  constructor(private readonly clock: GoogleClock) {}

  charge(mailbox: string, units: number): void {
    const ofMailbox = this.lately(mailbox);
    const ofProject = this.lately(PROJECT);
    if (this.enforced && sum(ofMailbox) + units > this.perMailbox)
      throw this.refusal('userRateLimitExceeded', ofMailbox);
    if (this.enforced && sum(ofProject) + units > this.perProject)
      throw this.refusal('rateLimitExceeded', ofProject);
    for (const spent of [ofMailbox, ofProject]) spent.push({ at: this.clock.now(), units });
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

  private lately(whose: string): Spent[] {
    const since = this.clock.now() - MINUTE_MS;
    const spent = (this.spent.get(whose) ?? []).filter(({ at }) => at > since);
    this.spent.set(whose, spent);
    return spent;
  }

  private refusal(reason: 'userRateLimitExceeded' | 'rateLimitExceeded', spent: Spent[]): GmailError {
    const until = new Date((spent[0]?.at ?? this.clock.now()) + MINUTE_MS).toISOString();
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

function sum(spent: Spent[]): number {
  return spent.reduce((all, { units }) => all + units, 0);
}
