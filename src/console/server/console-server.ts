import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import { Injectable } from '@nestjs/common';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preHandlerHookHandler,
  RouteHandlerMethod,
} from 'fastify';
import { MissingScopeError } from '../../access/access.errors';
import { allows, type Scope } from '../../access/key/scope';
import { ConsoleSettings, ServerSettings } from '../../config/settings';
import { FormRefusedError, NoSuchPageError, SignedOutError } from '../console.errors';
import { ROUTES, type RouteName } from '../routes';
import { type ConsoleSession, ConsoleSessionService } from '../session/console-session.service';
import { ConsolePages } from './console-pages.service';
import { formOf, readForms } from './forms';
import { CONSOLE_ROOT } from '../console-root';
import { isSameOrigin } from './same-origin';
import { SECURITY_HEADERS } from './security-headers';
import { SESSION_COOKIE, SignInService } from './sign-in.service';

const CSRF_COOKIE = 'inboxwire_csrf';

/** A year, and never asked for again: the path changes with the content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const EVENT_STREAM: RouteName = 'GET /events/stream';

/** Of the forms that anybody may send, in bytes: to read a million fields takes long. The others are of who is signed in. */
const MAX_SIGN_IN_BYTES = 16 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for those who are not signed in to the console. */
    consoleSession: ConsoleSession | null;
  }
}

/** The console as a part of the HTTP server, with headers, forms and errors of its own. */
@Injectable()
export class ConsoleServer {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly server: ServerSettings,
    private readonly sessions: ConsoleSessionService,
    private readonly signIn: SignInService,
    private readonly pages: ConsolePages,
  ) {}

  /** Call after the hook that guards the API, and before the application is ready. */
  async attach(root: FastifyInstance): Promise<void> {
    const { enabled } = this.settings;
    root.get('/', (_request, reply) => reply.redirect(enabled ? CONSOLE_ROOT : '/docs', 302));
    if (!enabled) return;
    root.decorateRequest('consoleSession', null);
    await root.register(async (scope) => this.addTo(scope), { prefix: CONSOLE_ROOT });
  }

  private async addTo(scope: FastifyInstance): Promise<void> {
    await this.protect(scope);
    const csrfProtection: preHandlerHookHandler = (request, reply, done) =>
      scope.csrfProtection(request, reply, done);
    for (const [name, needed] of Object.entries(ROUTES) as [RouteName, Scope][]) {
      const [method, url] = name.split(' ') as ['GET' | 'POST', string];
      scope.route({
        method,
        url,
        onRequest: (request, reply) => this.admit(request, reply, needed, name),
        ...(method === 'POST' && { preHandler: csrfProtection }),
        // Without a body there is nothing in it, and it would never end.
        ...(name === EVENT_STREAM && { exposeHeadRoute: false }),
        handler: (request, reply) => this.pages.answer(name, request, reply),
      });
    }
    const forAnybody = { preHandler: csrfProtection, bodyLimit: MAX_SIGN_IN_BYTES };
    scope.get('/sign-in', (request, reply) => this.signIn.show(request, reply));
    scope.post('/sign-in', forAnybody, (request, reply) => this.signIn.begin(request, reply));
    scope.post('/sign-out', forAnybody, (request, reply) => this.signIn.end(request, reply));
    scope.get('/assets/:name', this.asset());
    scope.setNotFoundHandler(() => {
      throw new NoSuchPageError();
    });
  }

  /** What holds for every page, those of errors included. */
  private async protect(scope: FastifyInstance): Promise<void> {
    const secure = this.server.publicUrl.startsWith('https:');
    const cookieOpts = { path: CONSOLE_ROOT, httpOnly: true, sameSite: 'lax', secure } as const;
    if (!scope.hasReplyDecorator('setCookie')) await scope.register(cookie);
    await scope.register(csrf, {
      sessionPlugin: '@fastify/cookie',
      cookieKey: CSRF_COOKIE,
      cookieOpts,
      getToken: (request) => formOf(request).get('csrf') ?? '',
    });
    readForms(scope);
    scope.addHook('onRequest', async (request, reply) => {
      void reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
      request.consoleSession = (await this.sessions.find(request.cookies[SESSION_COOKIE])) ?? null;
      if (request.method === 'POST' && !isSameOrigin(request, this.server.publicUrl))
        throw new FormRefusedError();
    });
    scope.setErrorHandler((error, request, reply) => this.pages.answerError(error, request, reply));
  }

  /** Lets those in who are signed in, as far as their key allows. */
  private async admit(
    request: FastifyRequest,
    reply: FastifyReply,
    needed: Scope,
    name: RouteName,
  ): Promise<FastifyReply | undefined> {
    const { consoleSession: session } = request;
    if (!session) {
      if (request.method === 'POST') throw new SignedOutError();
      return reply.redirect(`${CONSOLE_ROOT}/sign-in?returnTo=${encodeURIComponent(request.url)}`, 303);
    }
    if (!allows(session.caller.scopes, needed)) throw new MissingScopeError(needed);
    // From here on it is a request of this key as any of the API: the log says who changed what, and reads wait for their turn.
    // A stream would never end to wait for.
    if (name !== EVENT_STREAM) request.caller = session.caller;
    return undefined;
  }

  private asset(): RouteHandlerMethod {
    return async (request, reply) => {
      const found = this.pages.assets.find(request.url.split('?')[0]!);
      if (!found) throw new NoSuchPageError();
      return reply.header('cache-control', FOR_EVER).type(found.type).send(found.content);
    };
  }
}
