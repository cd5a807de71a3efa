import type { GoogleState } from '../google-state';
import type { HttpResponse } from '../http/exchange';
import type { LocalMailboxes } from '../local-mailboxes';

/** What a control call works with. */
export interface ControlCall {
  state: GoogleState;
  mailboxes: LocalMailboxes;
  query: URLSearchParams;
  body: Buffer;
}

/** One call of the control API, described at `/control` by itself. */
export interface ControlRoute {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  does: string;
  /** The fields of the body, or the parameters of the query, with their meaning. */
  takes?: Readonly<Record<string, string>>;
  run: (call: ControlCall) => HttpResponse | Promise<HttpResponse>;
}
