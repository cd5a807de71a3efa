import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { ValidationFailedError } from './http.errors';
import { unknownField } from './validation-details';

/**
 * Refuses parameters in the query of a route of the API that has none, before anything is done: `?dry=true` on a DELETE is
 * meant. Those of routes that have some are checked against their class.
 */
@Injectable()
export class UnknownQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    const route = routeOptions.url ?? '';
    // Links, pushes and health checks get parameters from those who pass them on. A path that does not exist is reported as that.
    if (!route.startsWith('/v1/') || route.endsWith('*') || readsQuery(context)) return true;
    const names = Object.keys(query as object);
    if (names.length > 0)
      throw new ValidationFailedError(names.map((path) => ({ path, message: unknownField(path, []) })));
    return true;
  }
}

function readsQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) as Record<string, unknown> | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
