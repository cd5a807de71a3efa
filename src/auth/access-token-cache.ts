import { isFresh } from './access-token-life';

export interface AccessToken {
  value: string;
  issuedAt: Date;
  expiresAt: Date;
}

/** How long a token is used before it is read again: another replica may have replaced or erased the grant. */
export const TOKEN_CACHE_MS = 60_000;

/** Some 20 MB. */
const MAX_TOKENS = 50_000;

interface CachedToken {
  token: AccessToken;
  /** By the monotonic clock. */
  until: number;
}

/** The live access tokens of the mailboxes that were busy in the last minute, so that most calls of Gmail read no grant. */
export class AccessTokenCache {
  /** In the order in which they end. */
  private readonly tokens = new Map<string, CachedToken>();
  private readonly reads = new Map<string, Promise<AccessToken | undefined>>();

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly maxTokens = MAX_TOKENS,
  ) {}

  /** The token of a mailbox, read unless a fresh one is here. Callers at the same time share a read. */
  async get(
    mailboxId: string,
    read: () => Promise<AccessToken | undefined>,
  ): Promise<AccessToken | undefined> {
    const cached = this.tokens.get(mailboxId);
    if (cached && cached.until > this.now() && isLive(cached.token)) return cached.token;
    return this.reads.get(mailboxId) ?? this.begin(mailboxId, read);
  }

  /** Forgets the token of a mailbox. What is being read now may be that token: it is not kept, and no later caller gets it. */
  drop(mailboxId: string): void {
    this.tokens.delete(mailboxId);
    this.reads.delete(mailboxId);
  }

  private begin(
    mailboxId: string,
    read: () => Promise<AccessToken | undefined>,
  ): Promise<AccessToken | undefined> {
    const until = this.now() + TOKEN_CACHE_MS;
    const isDropped = () => this.reads.get(mailboxId) !== reading;
    const reading = read()
      .then((token) => {
        if (token && !isDropped()) this.keep(mailboxId, { token, until });
        return token;
      })
      .finally(() => {
        if (!isDropped()) this.reads.delete(mailboxId);
      });
    this.reads.set(mailboxId, reading);
    return reading;
  }

  private keep(mailboxId: string, cached: CachedToken): void {
    this.tokens.delete(mailboxId);
    this.tokens.set(mailboxId, cached);
    for (const [id, { until }] of this.tokens) {
      if (until > this.now() && this.tokens.size <= this.maxTokens) return;
      this.tokens.delete(id);
    }
  }
}

function isLive({ issuedAt, expiresAt }: AccessToken): boolean {
  return isFresh(issuedAt, expiresAt, new Date());
}
