import type { DeliveryTarget } from '../endpoint/delivery-target';

/** An attempt begins so long after its claim at most: many that were held up together must not begin together. */
const PERMIT_LIFETIME_MS = 500;

/** The permit of a claim on something of an endpoint: for one attempt if there is a rate limit. */
export class Permit {
  private isUsed = false;

  constructor(
    private readonly target: Pick<DeliveryTarget, 'rateLimit' | 'claimedAt'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether an attempt may begin now. To be asked once for each: one permit is for one attempt. */
  use(): boolean {
    if (this.target.rateLimit === null) return true;
    if (this.isUsed || this.now() - this.target.claimedAt > PERMIT_LIFETIME_MS) return false;
    return (this.isUsed = true);
  }

  /** Whether nothing has been sent for it: somebody else may have it. */
  get isLeft(): boolean {
    return this.target.rateLimit !== null && !this.isUsed;
  }
}
