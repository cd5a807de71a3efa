import { Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../../common/describe-error';
import { InvalidValueError } from '../../common/inboxwire.error';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './idempotency.errors';
import { IdempotencyService } from './idempotency.service';
import type { KeptResponse } from './idempotency.types';
import { isFinal } from './is-final';
import { createHash } from 'node:crypto';

/**
 * What distinguishes requests that come with the same idempotency key.
 *
 * @param url path and query, as they were sent
 * @param body as it was parsed: spaces between its parts make no difference
 */
export function fingerprintOf(method: string, url: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method}\n${url}\n${JSON.stringify(body ?? null)}`)
    .digest();
}

/** The mailbox that a path names. */
function mailboxIn(url: string): string | null {
  return /^\/v1\/mailboxes\/(mbx_\w+)/.exec(url)?.[1] ?? null;
}

const HEADER = 'Idempotency-Key';

/** Visible ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * POSTs with an `Idempotency-Key`: between the reading of the body and the work, and again when the bytes of the answer
 * are known and not sent yet.
 */
@Injectable()
export class IdempotencyHook {
  private readonly logger = new Logger(IdempotencyHook.name);

  constructor(private readonly idempotency: IdempotencyService) {}

  /** Call before there are routes: hooks apply to those that come after them. */
  attach(server: FastifyInstance): void {
    server.decorateRequest('idempotencyClaim', null);
    server.addHook('preHandler', async (request, reply) => this.before(request, reply));
    server.addHook('onSend', async (request, reply, payload) => {
      if (request.idempotencyClaim !== null) await this.after(request, reply, payload);
    });
  }

  /** @returns the reply when it is sent already */
  private async before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST' || request.caller === null) return undefined;
    // Of the API alone. What agents ask is answered in a stream, or asked again at no cost; forms are not distinguished here.
    if (!request.routeOptions.url?.startsWith('/v1/')) return undefined;
    if (typeof key !== 'string' || !KEY.test(key))
      throw new InvalidValueError(HEADER, `${HEADER} must be 1 to 255 visible ASCII characters`);
    const fingerprint = fingerprintOf(request.method, request.url, request.body);
    const standing = await this.idempotency.begin({
      ...{ callerId: request.caller.id, key, fingerprint },
      mailboxId: mailboxIn(request.url),
    });
    switch (standing.kind) {
      case 'claimed':
        request.idempotencyClaim = standing.claim;
        return undefined;
      case 'answered':
        return sendAgain(reply, standing.answer);
      case 'in_use':
        throw new IdempotencyKeyInUseError();
      case 'reused':
        throw new IdempotencyKeyReusedError();
    }
  }

  /** A failure here is no failure of the request, which has been done: it is answered, and the claim runs out. */
  private async after(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const claim = request.idempotencyClaim!;
    request.idempotencyClaim = null;
    try {
      if (isFinal(reply.statusCode, reply.hasHeader('retry-after')) && isText(payload))
        await this.idempotency.keep(claim, {
          status: reply.statusCode,
          contentType: reply.getHeader('content-type')?.toString() ?? null,
          body: payload ?? null,
        });
      else await this.idempotency.release(claim);
    } catch (error) {
      this.logger.warn(
        { requestId: request.id, error: describeError(error) },
        'the answer to an idempotency key was not kept: sent again after some seconds, the request is done again',
      );
    }
  }
}

function sendAgain(reply: FastifyReply, { status, contentType, body }: KeptResponse): FastifyReply {
  if (contentType !== null) void reply.type(contentType);
  return reply
    .status(status)
    .header('idempotency-replayed', 'true')
    .send(body ?? undefined);
}

/** Nothing of `/v1` answers a POST with anything else. */
function isText(payload: unknown): payload is string | null | undefined {
  return payload === null || payload === undefined || typeof payload === 'string';
}
