import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from './api-problems';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every operation of the routes, with its path, and its method in lower case. */
export function operationsOf({
  paths,
}: OpenAPIObject): { path: string; method: string; operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}
