/** The local Google's time: the wall clock plus what tests have advanced it by. */
export class GoogleClock {
  private offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }
}
