import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { STREAM_ROUTE } from '../common/stream-route';
import { DatabaseSettings } from '../config/settings';
import { Admission } from '../common/admission';

/** Fewer than half of the connections of the pool: pushes, syncs, deliveries and readiness always find one. */
const SHARE_OF_POOL = 0.4;
const MAX_WAITING = 500;
const MAX_WAIT_MS = 5_000;

/** Changes that somebody makes for each mailbox of a fleet at once. They wait for nothing but the database. */
const CHANGES_OF_MANY = new Set([
  'DELETE /v1/mailboxes/:id',
  'PATCH /v1/mailboxes/:id',
  'POST /v1/mailboxes/:id/sync',
  'POST /v1/connect-sessions',
  'POST /v1/deliveries/:id/retry',
]);
/** A fleet has thousands of mailboxes, and a change that is refused has to be made again. */
const MAX_CHANGES_WAITING = 5_000;
const MAX_CHANGE_WAIT_MS = 20_000;

/** These wait for Gmail and not for the database, and have limits of their own. */
const READS_OF_GMAIL = /^\/v1\/mailboxes\/:id\/(messages|labels|threads|attachments)/;

/**
 * Lets so many reads of the API go on at once that they cannot use up what everything else needs, and likewise so many
 * changes of the kind that is made for a whole fleet. The others wait, each key for its turn, and are answered 503 with
 * `Retry-After` when that takes too long.
 */
@Injectable()
export class ReadAdmissionHook {
  private readonly admission: Admission;
  private readonly changes: Admission;

  constructor({ poolSize }: DatabaseSettings) {
    const maxAtOnce = Math.floor(SHARE_OF_POOL * poolSize);
    this.admission = new Admission({ maxAtOnce, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS });
    this.changes = new Admission({
      maxAtOnce,
      maxWaiting: MAX_CHANGES_WAITING,
      maxWaitMs: MAX_CHANGE_WAIT_MS,
    });
  }

  /** Call before there are routes, and after the hook that knows the caller. */
  attach(server: FastifyInstance): void {
    server.addHook('preHandler', async (request, reply) => {
      const admission = isRead(request) ? this.admission : isChangeOfMany(request) ? this.changes : undefined;
      if (!admission) return;
      const leave = await admission.enter(request.caller!.id);
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

function isChangeOfMany({ method, caller, routeOptions }: FastifyRequest): boolean {
  return caller !== null && CHANGES_OF_MANY.has(`${method} ${routeOptions.url}`);
}
