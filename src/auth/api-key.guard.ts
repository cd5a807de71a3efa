import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiKeyRequiredError } from '../common/http/api-key-required.error';
import { SecretSettings } from '../config/settings';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets only those who know the API key into `/v1`. Judged by the pattern of the route and not by the URL as it was
 * sent, which can be spelled in several ways. Digests are compared, so that time tells neither content nor length.
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor({ apiKey }: SecretSettings) {
    this.expected = digest(apiKey);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!/^\/v1(\/|$)/.test(request.routeOptions.url ?? '')) return true;
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (key === undefined || !timingSafeEqual(digest(key), this.expected)) throw new ApiKeyRequiredError();
    return true;
  }
}
