import type { Problem } from './generated/types.gen.js';

/**
 * What Inboxwire answered instead of what it was asked for. Where there was no answer at all, `fetch` has thrown its own
 * error, and that is passed on.
 */
export class InboxwireProblem extends Error {
  override readonly name = 'InboxwireProblem';
  readonly status: number;
  /** Stable and for programs. `http_502` and the like when the answer was not Inboxwire's, but a proxy's for example. */
  readonly code: string;
  /** For people; may change. */
  readonly detail: string;
  /** Names the request in the service's log. */
  readonly requestId: string | undefined;
  /** Seconds after which it makes sense to ask again. */
  readonly retryAfter: number | undefined;
  /** For a 400: every fault of the request. */
  readonly errors: Problem['errors'];
  /** For `cursor_expired`: the oldest event left, if there is one. */
  readonly oldestEventId: string | undefined;
  /** For `missing_scope`: the scope that the request needs. */
  readonly requiredScope: string | undefined;

  /** @param body the answer's, parsed if it was JSON */
  constructor(response: Pick<Response, 'status' | 'headers'>, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    const { status } = response;
    const code = problem?.code ?? `http_${status}`;
    const detail = problem?.detail ?? `the answer is not Inboxwire's; does baseUrl lead to it?`;
    super(`${status} ${code}: ${detail}${faultsOf(problem)}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.requestId = problem?.requestId;
    this.retryAfter = secondsOf(response.headers.get('retry-after'));
    this.errors = problem?.errors;
    this.oldestEventId = problem?.oldestEventId;
    this.requiredScope = problem?.requiredScope;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function faultsOf(problem: Problem | undefined): string {
  const faults = problem?.errors?.filter(({ path }) => path !== '') ?? [];
  return faults.map(({ path, message }) => `\n  ${path}: ${message}`).join('');
}

/** Inboxwire sends seconds; a proxy may send a date (RFC 9110, section 10.2.3). */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
