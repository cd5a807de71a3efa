import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { ValidationFailedError } from './http.errors';
import { MAX_EXPLAINED } from './validation';
import { unknownField } from './validation-details';

/**
 * Refuses parameters in the query, and fields in the body, of a route of the API that has none, before anything is done:
 * `?dry=true` on a DELETE is meant, and so is `{"dryRun": true}`. Those of routes that have some are checked against their class.
 */
@Injectable()
export class UnknownFieldsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, body, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    const route = routeOptions.url ?? '';
    // Links, pushes and health checks get parameters from those who pass them on. A path that does not exist is reported as that.
    if (!route.startsWith('/v1/') || route.endsWith('*')) return true;
    const unread = [
      ...(reads(context, RouteParamtypes.QUERY) ? [] : namesIn(query)),
      ...(reads(context, RouteParamtypes.BODY) ? [] : namesIn(body)),
    ];
    if (unread.length > 0)
      throw new ValidationFailedError(
        unread.slice(0, MAX_EXPLAINED).map((path) => ({ path, message: unknownField(path, []) })),
      );
    return true;
  }
}

function namesIn(value: unknown): string[] {
  return Object.keys(value ?? {});
}

function reads(context: ExecutionContext, part: RouteParamtypes): boolean {
  const parameters = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) as Record<string, unknown> | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${part}:`));
}
