/** A run ends without a fault of anybody's: its mailbox is taken up again after so many milliseconds. */
export class PostponedError extends Error {
  constructor(
    readonly wait: number,
    why: string,
  ) {
    super(why);
  }
}
