import type { ServerResponse } from 'node:http';
import type { Type } from '@nestjs/common';
import type { VNode } from 'preact';
import type { Scope } from '../access/key/scope';
import type { ConsoleSession } from './session/console-session.service';

/** What a page knows of the request that it answers. */
export interface PageContext {
  session: ConsoleSession;
  /** Path and query. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The fields of a form; empty for a GET. */
  form: URLSearchParams;
  /** For each form. */
  csrfToken: string;
  now: Date;
  /** Whether the key of the session allows it. */
  can(scope: Scope): boolean;
  /** A service of the API. */
  get<T>(service: Type<T>): T;
  /** Takes the response over, for a stream that ends with the session. */
  stream(): ServerResponse;
}

/** What a page answers: itself, a part of itself, or where to go now. */
export type PageResponse =
  | { title: string; content: VNode; status?: number }
  | { fragment: VNode }
  | { redirect: string }
  | 'streamed';

export type PageHandler = (context: PageContext) => Promise<PageResponse> | PageResponse;
