import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * The time between the request to stop and accepting no more: load balancers learn from `/health/ready`, and from
 * `connection: close` on every answer, to send no more here, and what they still send is answered as ever. The loops
 * return their work meanwhile; a push that is committed now wakes those of the other replicas.
 */
@Injectable()
export class Draining implements BeforeApplicationShutdown {
  active = false;
  private over: Promise<void> = Promise.resolve();

  /** @param milliseconds for how long requests are still accepted */
  begin(milliseconds: number): Promise<void> {
    this.active = true;
    this.over = delay(milliseconds);
    return this.over;
  }

  /** The application ends no sooner. */
  beforeApplicationShutdown(): Promise<void> {
    return this.over;
  }
}
