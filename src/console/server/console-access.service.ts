import { createHmac } from 'node:crypto';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MissingScopeError } from '../../access/access.errors';
import { ApiAccessHook } from '../../access/api-access.hook';
import { allows } from '../../access/key/scope';
import { SecretSettings, ServerSettings } from '../../config/settings';
import { FormRefusedError, SignedOutError } from '../console.errors';
import { CONSOLE_ROOT } from '../console-root';
import { EVENT_STREAM, ROUTES, type RouteName } from '../routes';
import { type ConsoleSession, ConsoleSessionService } from '../session/console-session.service';
import { formOf } from './forms';
import { isSameOrigin } from './same-origin';
import { SESSION_COOKIE } from './session-cookie';

const CSRF_COOKIE = 'inboxwire_csrf';

export const SIGN_IN = '/sign-in';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for those who are not signed in to the console. */
    consoleSession: ConsoleSession | null;
  }
}

/** Who may see pages and send forms: by their session, the token of the form, and the scopes and the rate limit of their key. */
@Injectable()
export class ConsoleAccess {
  constructor(
    private readonly sessions: ConsoleSessionService,
    private readonly api: ApiAccessHook,
    private readonly secrets: SecretSettings,
    private readonly server: ServerSettings,
  ) {}

  /** Adds what recognises sessions and the tokens of forms. */
  async protect(scope: FastifyInstance): Promise<void> {
    const secure = this.server.publicUrl.startsWith('https:');
    if (!scope.hasReplyDecorator('setCookie')) await scope.register(cookie);
    await scope.register(csrf, {
      sessionPlugin: '@fastify/cookie',
      cookieKey: CSRF_COOKIE,
      cookieOpts: { path: CONSOLE_ROOT, httpOnly: true, sameSite: 'lax', secure },
      // The same on every replica.
      csrfOpts: {
        hmacKey: createHmac('sha256', this.secrets.apiKey).update('forms of the console').digest('hex'),
      },
      getUserInfo: ({ consoleSession, routeOptions }) =>
        formOwner(routeOptions.url === CONSOLE_ROOT + SIGN_IN ? null : consoleSession),
      getToken: (request) => formOf(request).get('csrf') ?? '',
    });
    scope.addHook('onRequest', async (request) => {
      request.consoleSession = (await this.sessions.find(request.cookies[SESSION_COOKIE])) ?? null;
      if (request.method === 'POST' && !isSameOrigin(request, this.server.publicUrl))
        throw new FormRefusedError();
    });
  }

  /** Lets those in who are signed in, as often and as far as their key allows. */
  async admit(
    name: RouteName,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    const { consoleSession: session } = request;
    if (!session) {
      if (request.method === 'POST') throw new SignedOutError();
      return reply.redirect(`${CONSOLE_ROOT}${SIGN_IN}?returnTo=${encodeURIComponent(request.url)}`, 303);
    }
    // From here on it is a request of this key as any of the API: the log says who changed what, and reads wait for their turn.
    request.caller = session.caller;
    await this.api.count(request, reply);
    const needed = ROUTES[name];
    if (!allows(session.caller.scopes, needed)) throw new MissingScopeError(needed);
    // A stream would never end to wait for.
    if (name === EVENT_STREAM) request.caller = null;
    return undefined;
  }
}

/** A token for the forms of a page, which is of no use in another session. */
export function formToken(reply: FastifyReply, session: ConsoleSession | null): string {
  return reply.generateCsrf({ userInfo: formOwner(session) });
}

/** Whose the forms are. That of sign-in is everybody's: who signs in meanwhile in another tab may still send it. */
function formOwner(session: ConsoleSession | null): string {
  return session ? session.tokenDigest.toString('hex') : 'nobody';
}
