import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyRequiredError, RateLimitedError } from '../../access/access.errors';
import { ApiAccessHook } from '../../access/api-access.hook';
import { ServerSettings } from '../../config/settings';
import { ConsoleSessionService } from '../session/console-session.service';
import { SESSION_HOURS } from '../session/console-session.store';
import { SIGN_IN } from './console-access.service';
import { ConsolePages } from './console-pages.service';
import { formOf } from './forms';
import { CONSOLE_ROOT } from '../console-root';
import { returnPath } from './return-path';
import { SESSION_COOKIE } from './session-cookie';

/** Signing in with an API key, and out. */
@Injectable()
export class SignInService {
  private readonly logger = new Logger('Console');
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
      this.logger.log({ requestId: request.id, keyId: caller.id }, 'signed in to the console');
      return reply.redirect(returnTo, 303);
    } catch (error) {
      if (error instanceof ApiKeyRequiredError || error instanceof RateLimitedError)
        this.logger.log(
          { requestId: request.id, address: request.ip, code: error.code },
          'a sign-in to the console was refused',
        );
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

  /** Whose session has ended is signed out already, and has no token for it any more. */
  requireSession(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    return request.consoleSession ? undefined : this.toSignIn(reply);
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const session = request.consoleSession!;
    await this.sessions.end(session);
    this.logger.log({ requestId: request.id, keyId: session.caller.id }, 'signed out of the console');
    return this.toSignIn(reply);
  }

  private toSignIn(reply: FastifyReply): FastifyReply {
    return reply.clearCookie(SESSION_COOKIE, this.cookie).redirect(`${CONSOLE_ROOT}${SIGN_IN}`, 303);
  }
}
