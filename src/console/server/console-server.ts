import { Injectable } from '@nestjs/common';
import type { FastifyInstance, preHandlerHookHandler, RouteHandlerMethod } from 'fastify';
import { ConsoleSettings } from '../../config/settings';
import { NoSuchPageError } from '../console.errors';
import { CONSOLE_ROOT } from '../console-root';
import { EVENT_STREAM, ROUTES, type RouteName } from '../routes';
import { ConsoleAccess, SIGN_IN } from './console-access.service';
import { ConsolePages } from './console-pages.service';
import { readForms } from './forms';
import { SECURITY_HEADERS } from './security-headers';
import { SignInService } from './sign-in.service';

/** A year, and never asked for again: the path changes with the content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Of the forms that anybody may send, in bytes: to read a million fields takes long. The others are of who is signed in. */
const MAX_SIGN_IN_BYTES = 16 * 1024;

/** The console as a part of the HTTP server, with headers, forms and errors of its own. */
@Injectable()
export class ConsoleServer {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly access: ConsoleAccess,
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
    for (const name of Object.keys(ROUTES) as RouteName[]) {
      const [method, url] = name.split(' ') as ['GET' | 'POST', string];
      scope.route({
        method,
        url,
        onRequest: (request, reply) => this.access.admit(name, request, reply),
        ...(method === 'POST' && { preHandler: csrfProtection }),
        // Without a body there is nothing in it, and it would never end.
        ...(name === EVENT_STREAM && { exposeHeadRoute: false }),
        handler: (request, reply) => this.pages.answer(name, request, reply),
      });
    }
    const forAnybody = { preHandler: csrfProtection, bodyLimit: MAX_SIGN_IN_BYTES };
    scope.get(SIGN_IN, (request, reply) => this.signIn.show(request, reply));
    scope.post(SIGN_IN, forAnybody, (request, reply) => this.signIn.begin(request, reply));
    scope.post(
      '/sign-out',
      { ...forAnybody, onRequest: async (request, reply) => this.signIn.requireSession(request, reply) },
      (request, reply) => this.signIn.end(request, reply),
    );
    scope.get('/assets/:name', this.asset());
    scope.setNotFoundHandler(() => {
      throw new NoSuchPageError();
    });
  }

  /** What holds for every page, those of errors included. */
  private async protect(scope: FastifyInstance): Promise<void> {
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    });
    await this.access.protect(scope);
    readForms(scope);
    scope.setErrorHandler((error, request, reply) => this.pages.answerError(error, request, reply));
  }

  private asset(): RouteHandlerMethod {
    return async (request, reply) => {
      const found = this.pages.assets.find(request.url.split('?')[0]!);
      if (!found) throw new NoSuchPageError();
      return reply.header('cache-control', FOR_EVER).type(found.type).send(found.content);
    };
  }
}
