import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DeliverySettings } from '../../config/settings';
import { AttemptTimeoutError, ForbiddenAddressError, StaleConnectionError } from '../delivery.errors';
import { isAddress, isForbiddenAddress } from './forbidden-address';
import { guardedLookup, openLookup } from './guarded-lookup';
import { Connections, exchange, type ReceiverRequest, type ReceiverResponse } from './http-exchange';
import { NameResolver } from './name-resolver';

/** The time, in milliseconds, that one attempt has, from looking up the name to the headers of the answer. */
export const ATTEMPT_TIMEOUT = 15_000;

/** How long a connection is kept for the next request, when the receiver does not say. */
const KEEP_ALIVE_MS = 30_000;

/** Sends HTTP requests to receivers: to public addresses only unless private ones are allowed. */
@Injectable()
export class ReceiverClient implements OnApplicationShutdown {
  private readonly kept = new Connections({ keepAlive: true, timeout: KEEP_ALIVE_MS, maxFreeSockets: 32 });
  private readonly single = new Connections({});
  private readonly lookup;

  constructor(
    private readonly settings: DeliverySettings,
    names: NameResolver,
  ) {
    this.lookup = (settings.allowPrivateEndpoints ? openLookup : guardedLookup)((host) =>
      names.resolve(host),
    );
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
      const target = this.checked(url);
      return await this.send({ url: target, headers, body, lookup: this.lookup, signal: limit.signal });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  onApplicationShutdown(): void {
    this.kept.destroy();
    this.single.destroy();
  }

  /** A connection that was kept for too long says nothing of the receiver: the request goes again on a fresh one. */
  private async send(request: ReceiverRequest): Promise<ReceiverResponse> {
    try {
      return await exchange(this.kept, request);
    } catch (error) {
      if (!(error instanceof StaleConnectionError)) throw error;
      return exchange(this.single, request);
    }
  }

  /** `net.connect` looks names up and takes addresses as they are: those are checked here. */
  private checked(text: string): URL {
    const url = new URL(text);
    if (!this.settings.allowPrivateEndpoints && isAddress(url.hostname) && isForbiddenAddress(url.hostname))
      throw new ForbiddenAddressError(url.hostname);
    return url;
  }
}
