import { Injectable, Logger, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allows } from '../../access/key/scope';
import { describeError } from '../../common/describe-error';
import { toErrorResponse } from '../../http/error-response';
import { ConsoleRefusal, FormRefusedError, NoSuchPageError } from '../console.errors';
import type { PageContext } from '../page';
import type * as Pages from '../pages/all-pages';
import type { SignInFacts } from '../pages/sign-in.page';
import type { RouteName } from '../routes';
import { ConsoleStreams } from '../session/console-streams.service';
import { ConsoleAssets } from '../assets/console-assets';
import { formToken } from './console-access.service';
import { formOf } from './forms';
import { CONSOLE_ROOT } from '../console-root';

const HTML = 'text/html; charset=utf-8';

/** Answers with pages. They are loaded with the first of them: most replicas never show one. */
@Injectable()
export class ConsolePages {
  private readonly logger = new Logger('Console');
  private loaded: typeof Pages | undefined;
  private loadedAssets: ConsoleAssets | undefined;

  constructor(
    private readonly services: ModuleRef,
    private readonly streams: ConsoleStreams,
  ) {}

  get assets(): ConsoleAssets {
    return (this.loadedAssets ??= new ConsoleAssets());
  }

  async answer(name: RouteName, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const context = this.contextOf(request, reply);
    // What PostgreSQL cannot even look for is the id of nothing.
    if (Object.values(context.params).some((id) => id.includes('\0'))) throw new NoSuchPageError();
    const response = await this.pages.HANDLERS[name](context);
    if (response === 'streamed') return reply;
    if ('redirect' in response) return reply.redirect(CONSOLE_ROOT + response.redirect, 303);
    void reply.type(HTML);
    if ('fragment' in response) return reply.send(this.pages.renderFragment(response.fragment));
    return reply
      .status(response.status ?? 200)
      .send(this.pages.renderPage({ ...response, assets: this.assets, context }));
  }

  sendSignIn(reply: FastifyReply, facts: Omit<SignInFacts, 'csrfToken'>): FastifyReply {
    const page = this.pages.signInPage({ ...facts, csrfToken: formToken(reply, null) });
    return reply.type(HTML).send(this.pages.renderPage({ ...page, assets: this.assets }));
  }

  /** A page says what happened and what to do; the rest is for the log. */
  answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const isForm = (thrown as { code?: string }).code?.startsWith('FST_CSRF_');
    const error = isForm ? new FormRefusedError() : thrown;
    const { status, title, detail, headers } = explain(error, request);
    if (status >= 500)
      this.logger.warn(
        { requestId: request.id, status, error: describeError(error) },
        'a page could not be shown',
      );
    const page = this.pages.errorPage({ status, title, detail, requestId: String(request.id) });
    const context = request.consoleSession ? this.contextOf(request, reply) : undefined;
    const html = this.pages.renderPage({ ...page, assets: this.assets, ...(context && { context }) });
    return reply.status(status).headers(headers).type(HTML).send(html);
  }

  private contextOf(request: FastifyRequest, reply: FastifyReply): PageContext {
    const session = request.consoleSession!;
    const url = new URL(request.url, 'http://console.invalid');
    return {
      session,
      path: url.pathname.slice(CONSOLE_ROOT.length) || '/',
      params: (request.params ?? {}) as Record<string, string>,
      query: url.searchParams,
      form: formOf(request),
      csrfToken: formToken(reply, session),
      now: new Date(),
      can: (scope) => allows(session.caller.scopes, scope),
      get: <T>(service: Type<T>) => this.services.get(service, { strict: false }),
      stream: () => {
        reply.hijack();
        // It is written past Fastify, which would leave these out.
        for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value!);
        this.streams.add(session, reply.raw);
        return reply.raw;
      },
    };
  }

  private get pages(): typeof Pages {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import()` makes a promise of what is there at once.
    return (this.loaded ??= require('../pages/all-pages') as typeof Pages);
  }
}

/** Where the API says something that is of no use to who looks at a page. */
const DETAILS: Readonly<Record<number, string>> = {
  413: 'The form is larger than any that this console has. Nothing was done.',
  500: 'It is in the log, with the id of this request.',
};

function explain(
  error: unknown,
  request: FastifyRequest,
): { status: number; title: string; detail: string; headers: Record<string, string> } {
  if (error instanceof ConsoleRefusal) {
    const { status, title, message: detail } = error;
    return { status, title, detail, headers: {} };
  }
  const { problem, headers } = toErrorResponse(error, String(request.id), request);
  const { 'Retry-After': retryAfter } = headers;
  const { status, title } = problem;
  const detail = DETAILS[status] ?? problem.detail;
  return { status, title, detail, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } };
}
