import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyRequiredError, RateLimitedError } from '../../access/access.errors';
import { ApiAccessHook } from '../../access/api-access.hook';
import { ServerSettings } from '../../config/settings';
import { ConsoleSessionService } from '../session/console-session.service';
import { SESSION_HOURS } from '../session/console-session.store';
import { ConsolePages } from './console-pages.service';
import { formOf } from './forms';
import { CONSOLE_ROOT } from '../console-root';
import { returnPath } from './return-path';

export const SESSION_COOKIE = 'inboxwire_session';

/** Signing in with an API key, and out. */
@Injectable()
export class SignInService {
  private readonly cookie;

  constructor(
    private readonly sessions: ConsoleSessionService,
    private readonly access: ApiAccessHook,
    private readonly pages: ConsolePages,
    { publicUrl }: ServerSettings,
  ) {
    const secure = publicUrl.startsWith('https:');
    this.cookie = { path: CONSOLE_ROOT, httpOnly: true, sameSite: 'lax', secure } as const;
  }

  show(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { returnTo } = request.query as { returnTo?: unknown };
    const back = returnPath(typeof returnTo === 'string' ? returnTo : undefined);
    if (request.consoleSession) return reply.redirect(back, 303);
    return this.pages.sendSignIn(reply, { returnTo: back });
  }

  /** A wrong key counts like one that is sent to the API. */
  async begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = formOf(request);
    const returnTo = returnPath(form.get('returnTo'));
    try {
      const key = form.get('key')?.trim() || undefined;
      const caller = await this.access.callerOf(key, request, reply);
      const token = await this.sessions.begin(caller);
      void reply.setCookie(SESSION_COOKIE, token, { ...this.cookie, maxAge: SESSION_HOURS * 3_600 });
      return reply.redirect(returnTo, 303);
    } catch (error) {
      if (error instanceof ApiKeyRequiredError)
        return this.pages.sendSignIn(reply.status(401), { returnTo, fault: 'wrong' });
      if (error instanceof RateLimitedError) {
        const seconds = Math.max(1, Math.ceil((error.retryAt!.getTime() - Date.now()) / 1_000));
        void reply.status(429).header('retry-after', seconds);
        return this.pages.sendSignIn(reply, { returnTo, fault: 'too-many' });
      }
      throw error;
    }
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (request.consoleSession) await this.sessions.end(request.consoleSession);
    void reply.clearCookie(SESSION_COOKIE, this.cookie);
    return reply.redirect(`${CONSOLE_ROOT}/sign-in`, 303);
  }
}
