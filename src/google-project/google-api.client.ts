import { setTimeout as delay } from 'node:timers/promises';
import { googleUrl } from '../config/google-url';
import type { AuthorizationHeaders } from './application-default-credentials';
import { GoogleApiError } from './google-api.error';

const CALL_TIMEOUT_MS = 30_000;
/** How long an API that is being enabled is waited for. */
const API_TIMEOUT_MS = 120_000;
/** How long a service account that was just made may be unknown to other parts of Google. */
const PRINCIPAL_TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8_000;
/** How often a call is repeated that met an error of the server or of the network. */
const MAX_REPEATS = 3;

export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** As at Google; `GOOGLE_ORIGIN` replaces its origin. */
  url: string;
  body?: object;
  /** What the caller needs for it, since Google often does not say. */
  permission: string;
}

export interface ApiOptions {
  origin: string | undefined;
  /** Whether APIs and principals that are not ready yet are waited for. */
  waits: boolean;
  /** Whether what is behind an API that is not enabled counts as not there. */
  absentWhenDisabled: boolean;
  /** Gets a sentence when something is waited for. */
  report: (sentence: string) => void;
}

/** Calls Google's administration: Service Usage, Resource Manager, IAM and Pub/Sub. */
export class GoogleApiClient {
  /** Since when an API was seen to be disabled: it is waited for so long and no longer, whoever waits. */
  private readonly disabledSince = new Map<string, number>();

  constructor(
    private readonly headers: AuthorizationHeaders,
    private readonly options: ApiOptions,
  ) {}

  /** @returns undefined when there is no such thing */
  async find<T>(url: string, permission: string): Promise<T | undefined> {
    try {
      return await this.call<T>({ method: 'GET', url, permission });
    } catch (error) {
      if (!(error instanceof GoogleApiError)) throw error;
      const isAbsent = error.status === 404 || (error.disabledService && this.options.absentWhenDisabled);
      if (isAbsent) return undefined;
      throw error;
    }
  }

  /** @throws GoogleApiError when Google refuses for good */
  async call<T>(call: ApiCall): Promise<T> {
    const begun = Date.now();
    let reported = false;
    for (let repeats = 0, wait = FIRST_WAIT_MS; ; repeats += 1, wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      try {
        return await this.send<T>(call);
      } catch (error) {
        const reason = this.reasonToWait(error, Date.now() - begun, repeats);
        if (reason === undefined) throw error;
        if (!reported) this.options.report(reason);
        reported = true;
        await delay(wait);
      }
    }
  }

  private reasonToWait(error: unknown, elapsedMs: number, repeats: number): string | undefined {
    if (!(error instanceof GoogleApiError))
      return repeats < MAX_REPEATS ? 'Google is out of reach; trying again …' : undefined;
    if (error.status >= 500 || error.status === 429)
      return repeats < MAX_REPEATS ? `Google answered ${error.status}; trying again …` : undefined;
    if (!this.options.waits) return undefined;
    if (error.disabledService !== undefined && this.sinceDisabled(error.disabledService) < API_TIMEOUT_MS)
      return `${error.disabledService} is not in force yet; waiting for it …`;
    if (error.isUnknownPrincipal && error.status === 400 && elapsedMs < PRINCIPAL_TIMEOUT_MS)
      return 'A service account is not known everywhere yet; waiting for it …';
    return undefined;
  }

  private sinceDisabled(service: string): number {
    const since = this.disabledSince.get(service) ?? Date.now();
    this.disabledSince.set(service, since);
    return Date.now() - since;
  }

  private async send<T>({ method, url, body, permission }: ApiCall): Promise<T> {
    const own = await this.headers(url);
    const response = await fetch(googleUrl(this.options.origin, url), {
      method,
      headers: { ...own, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await response.text();
    const parsed = parse(text);
    if (!response.ok) throw new GoogleApiError(response.status, parsed, permission);
    return parsed as T;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
