import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionDropped, json, type HttpResponse } from './http/exchange';

/** What a fault is matched against, and in whose shape its body is written. */
export interface Call {
  /** `gmail.users.history.list`, `oauth2.token`, `oauth2.certs.jwk`, … */
  method: string;
  path: string;
  account: string | null;
  errorBody: (fault: FaultOptions) => unknown;
}

export interface FaultOptions {
  method?: string;
  path?: RegExp;
  account?: string;
  status?: number;
  /** Google's reason (`rateLimitExceeded`, `invalid_grant`, …); the body is built around it. */
  reason?: string;
  message?: string;
  /** A body of its own, instead of one built around `reason`. */
  body?: unknown;
  /** Seconds for a `Retry-After` header. */
  retryAfter?: number;
  delayMs?: number;
  /** No answer until the fault is released. */
  hang?: boolean;
  dropConnection?: boolean;
  /** `after`: the call takes effect, only its answer is replaced or lost. */
  when?: 'before' | 'after';
  /** How many calls it hits (1), after letting `skip` matching ones pass (0). */
  times?: number;
  skip?: number;
}

export class Fault {
  hits = 0;
  private seen = 0;
  private readonly gate = Promise.withResolvers<void>();

  constructor(readonly options: FaultOptions) {}

  get spent(): boolean {
    return this.hits >= (this.options.times ?? 1);
  }

  /** Lets hanging calls go on. */
  release(): void {
    this.gate.resolve();
  }

  claims(call: Call): boolean {
    if (this.spent || !this.matches(call)) return false;
    this.seen += 1;
    if (this.seen <= (this.options.skip ?? 0)) return false;
    this.hits += 1;
    return true;
  }

  async strike(call: Call, run: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const { delayMs, hang, when, dropConnection } = this.options;
    const real = when === 'after' ? await run() : null;
    if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
    if (hang) await this.gate.promise;
    if (dropConnection) throw new ConnectionDropped();
    return this.answer(call) ?? real ?? run();
  }

  private answer(call: Call): HttpResponse | null {
    const { status, reason, body, retryAfter } = this.options;
    if (status === undefined && reason === undefined && body === undefined) return null;
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    const refusal = call.method.startsWith('oauth2.') ? 400 : 403;
    const code = status ?? (reason === undefined ? 500 : refusal);
    return json(code, body ?? call.errorBody({ ...this.options, status: code }), headers);
  }

  private matches(call: Call): boolean {
    const { method, path, account } = this.options;
    if (method !== undefined && method !== call.method) return false;
    if (path !== undefined && !path.test(call.path)) return false;
    return account === undefined || account.toLowerCase() === call.account;
  }
}

/** Switches that make chosen calls fail, stall, lose their answers or their connections. */
export class Faults {
  private armed: Fault[] = [];

  failNext(options: FaultOptions): Fault {
    const fault = new Fault(options);
    this.armed.push(fault);
    return fault;
  }

  /** All that were asked for and not removed, spent ones too. */
  list(): readonly Fault[] {
    return this.armed;
  }

  clear(): void {
    this.armed.forEach((fault) => fault.release());
    this.armed = [];
  }

  async around(call: Call, run: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const fault = this.armed.find((candidate) => candidate.claims(call));
    return fault === undefined ? run() : fault.strike(call, run);
  }
}
