/** Whom places belong to. */
export interface Lender {
  /** @returns whether somebody else may have the place */
  lend: () => boolean;
  /** How long, in milliseconds, a call may go unanswered before its run lends its place. */
  lendAfter: () => number;
  takeBack: () => void;
}

/** The place of one run among those that run at once. It is lent to others while Google leaves a call of the run unanswered. */
export class LendablePlace {
  private hanging = 0;
  private isLent = false;
  private hasEnded = false;

  constructor(private readonly lender: Lender) {}

  /** A call to Google. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    let isHanging = false;
    const timer = setTimeout(() => {
      isHanging = true;
      if (this.hanging++ === 0 && !this.hasEnded) this.isLent = this.lender.lend();
    }, this.lender.lendAfter());
    try {
      return await call();
    } finally {
      clearTimeout(timer);
      if (isHanging && --this.hanging === 0) this.takeBack();
    }
  }

  /** The run is over, though a call that it has given up may still hang. */
  end(): void {
    this.hasEnded = true;
    this.takeBack();
  }

  private takeBack(): void {
    if (!this.isLent) return;
    this.isLent = false;
    this.lender.takeBack();
  }
}
