import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { STREAM_ROUTE } from '../common/stream-route';
import { DatabaseSettings } from '../config/settings';
import { Admission } from './admission';

/** Fewer than half of the connections of the pool: pushes, syncs, deliveries and readiness always find one. */
const SHARE_OF_POOL = 0.4;
const MAX_WAITING = 500;
const MAX_WAIT_MS = 5_000;

/** These wait for Gmail and not for the database, and have limits of their own. */
const READS_OF_GMAIL = /^\/v1\/mailboxes\/:id\/(messages|labels|threads|attachments)/;

/**
 * Lets so many reads of the API go on at once that they cannot use up what everything else needs. The others wait, each key
 * for its turn, and are answered 503 with `Retry-After` when that takes too long.
 */
@Injectable()
export class ReadAdmissionHook {
  private readonly admission: Admission;

  constructor({ poolSize }: DatabaseSettings) {
    this.admission = new Admission({
      maxAtOnce: Math.floor(SHARE_OF_POOL * poolSize),
      maxWaiting: MAX_WAITING,
      maxWaitMs: MAX_WAIT_MS,
    });
  }

  /** Call before there are routes, and after the hook that knows the caller. */
  attach(server: FastifyInstance): void {
    server.addHook('preHandler', async (request, reply) => {
      if (!isRead(request)) return;
      const leave = await this.enter(request.caller!.id);
      if (reply.raw.destroyed) leave();
      else reply.raw.once('close', leave);
    });
  }

  /**
   * For reads that come in another way.
   *
   * @returns what to call when it is over
   * @throws OverloadedError
   */
  enter(callerId: string): Promise<() => void> {
    return this.admission.enter(callerId);
  }
}

function isRead({ method, caller, routeOptions }: FastifyRequest): boolean {
  const route = routeOptions.url ?? '';
  const isReading = method === 'GET' || method === 'HEAD';
  return isReading && caller !== null && route !== STREAM_ROUTE && !READS_OF_GMAIL.test(route);
}
