import type { LookupAddress } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';

/** How long the addresses tried so far have before the next one is tried beside them: https://www.rfc-editor.org/rfc/rfc8305#section-5 */
const HEAD_START_MS = 250;

export interface Destination extends TcpNetConnectOpts {
  host: string;
  lookup: LookupFunction;
  /** Ends the search, with its reason as the error. */
  endedBy: AbortSignal;
}

/**
 * Connects to whichever address of a host answers first. Node.js itself tries them one after the other and gives each up
 * after 250 ms: it never reaches a receiver that is far away and has a last address, of IPv6 most often, that is no good.
 *
 * @throws what the look-up throws; the error of the address, or an AggregateError of all of them, in their order
 */
export async function firstConnection(destination: Destination): Promise<Socket> {
  const { host, lookup, endedBy } = destination;
  endedBy.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(endedBy.reason as Error);
  endedBy.addEventListener('abort', end);
  const search = new Search(destination);
  try {
    const addresses = isIP(host) === 0 ? await Promise.race([lookUp(host, lookup), ended.promise]) : [host];
    return await Promise.race([search.among(addresses), ended.promise]);
  } finally {
    endedBy.removeEventListener('abort', end);
    search.end();
  }
}

async function lookUp(host: string, lookup: LookupFunction): Promise<string[]> {
  const found = await new Promise<LookupAddress[]>((resolve, reject) =>
    lookup(host, { all: true }, (error, all) => (error ? reject(error) : resolve(all as LookupAddress[]))),
  );
  return found.map(({ address }) => address);
}

/** Connections that are begun one after the other, until one of them is there. */
class Search {
  private readonly begun = new Set<Socket>();
  private readonly errors: Error[] = [];
  private readonly found = Promise.withResolvers<Socket>();
  private left: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly destination: Destination) {}

  among(addresses: string[]): Promise<Socket> {
    this.left = [...addresses];
    this.tryNext();
    return this.found.promise;
  }

  /** Gives up what has not come to anything. */
  end(): void {
    clearTimeout(this.timer);
    this.left = [];
    for (const socket of this.begun) socket.destroy();
  }

  private tryNext(): void {
    clearTimeout(this.timer);
    const host = this.left.shift();
    if (host !== undefined) this.begin(host);
    else if (this.begun.size === 0) this.found.reject(this.failure());
  }

  private begin(host: string): void {
    const socket = connect({ ...this.destination, host, path: undefined } as TcpNetConnectOpts);
    const fail = (error: Error) => {
      this.begun.delete(socket);
      this.errors.push(error);
      this.tryNext();
    };
    this.begun.add(socket);
    socket.once('error', fail).once('connect', () => {
      socket.off('error', fail);
      this.begun.delete(socket);
      this.end();
      this.found.resolve(socket);
    });
    this.timer = setTimeout(() => this.tryNext(), HEAD_START_MS);
  }

  private failure(): Error {
    return this.errors.length === 1 ? this.errors[0]! : new AggregateError(this.errors);
  }
}
