import type { KeyRing } from '../keys/key-ring';
import { mintPushToken, type PushIdentity } from '../keys/push-token';

const REUSED_FOR_MS = 50 * 60_000;

/** Pub/Sub uses a token for up to an hour; one whose key is no longer published is not used again. */
export class PushTokenSource {
  private cached: { token: string; kid: string; at: number } | null = null;

  constructor(
    private readonly keys: KeyRing,
    private readonly identity: PushIdentity,
    private readonly fresh: boolean,
  ) {}

  token(): string {
    const { cached } = this;
    const usable =
      cached !== null && Date.now() - cached.at < REUSED_FOR_MS && this.keys.isPublished(cached.kid);
    if (usable && !this.fresh) return cached.token;
    const signer = this.keys.current;
    const token = mintPushToken(signer, this.identity);
    this.cached = { token, kid: signer.kid, at: Date.now() };
    return token;
  }
}
