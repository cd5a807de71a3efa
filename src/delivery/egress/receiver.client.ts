import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, request } from 'undici';
import { DeliverySettings } from '../../config/settings';
import { isAddress, isForbiddenAddress } from './forbidden-address';
import { AttemptTimeoutError, ForbiddenAddressError } from '../delivery.errors';
import { guardedLookup } from './guarded-lookup';

/** The time, in milliseconds, that one attempt has, from looking up the name to the end of the answer. */
export const ATTEMPT_TIMEOUT = 15_000;

const CONNECT_TIMEOUT = 10_000;

/** How much of an answer is read, in bytes: small ones so that their connection can be used again, the rest is cut off. */
const ANSWER_LIMIT = 8 * 1024;

/** How much of it is kept, in bytes, to see later what a receiver had to say. */
const KEPT = 1_024;

/** What a receiver answered. */
export interface ReceiverResponse {
  status: number;
  /** The first kilobyte of its body, as text. */
  beginning: string;
  retryAfter: string | undefined;
}

/** Speaks HTTP to receivers: keep-alive connections, to public addresses only unless private ones are allowed. */
@Injectable()
export class ReceiverClient implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor({ allowPrivateEndpoints }: DeliverySettings) {
    this.agent = new Agent({
      connect: allowPrivateEndpoints
        ? buildConnector({ timeout: CONNECT_TIMEOUT })
        : publicOnly(buildConnector({ timeout: CONNECT_TIMEOUT, lookup: guardedLookup() })),
      connections: 128,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: ATTEMPT_TIMEOUT,
      bodyTimeout: ATTEMPT_TIMEOUT,
    });
  }

  /**
   * POSTs the body. Redirects are not followed: they are the answer.
   *
   * @param signal ends the attempt, with its reason as the error
   * @param timeout milliseconds for all of it
   * @throws AttemptTimeoutError, ForbiddenAddressError, or whatever else stood in the way of an answer
   */
  async post(
    url: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
    timeout = ATTEMPT_TIMEOUT,
  ): Promise<ReceiverResponse> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new AttemptTimeoutError(timeout)), timeout);
    const end = () => limit.abort(signal.reason);
    signal.addEventListener('abort', end);
    try {
      signal.throwIfAborted();
      return await this.exchange(url, headers, body, limit.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  private async exchange(
    url: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<ReceiverResponse> {
    const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
    const beginning = await readBeginning(answer.body);
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      beginning,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

/** Leaving the loop early destroys the body, and the connection with it. */
async function readBeginning(body: AsyncIterable<Buffer>): Promise<string> {
  const kept: Buffer[] = [];
  let read = 0;
  for await (const chunk of body) {
    if (read < KEPT) kept.push(chunk.subarray(0, KEPT - read));
    read += chunk.length;
    if (read > ANSWER_LIMIT) break;
  }
  // As a stream, so that a character cut in two at the end is left out.
  return new TextDecoder().decode(Buffer.concat(kept), { stream: true });
}

/** `net.connect` looks names up and takes addresses as they are: those are judged here. */
function publicOnly(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const { hostname } = options;
    if (isAddress(hostname) && isForbiddenAddress(hostname))
      return callback(new ForbiddenAddressError(hostname), null);
    return connect(options, callback);
  };
}
