import { Injectable } from '@nestjs/common';

/** A loop of background work, as far as its health goes. */
export interface Loop {
  readonly name: string;
  readonly alive: boolean;
}

/** The loops of this process, for the health check. */
@Injectable()
export class BackgroundJobs {
  private readonly loops: Loop[] = [];

  add(loop: Loop): void {
    this.loops.push(loop);
  }

  /** The names of those that no longer look for work. */
  get stalled(): string[] {
    return this.loops.filter(({ alive }) => !alive).map(({ name }) => name);
  }
}
