import type { FastifyInstance } from 'fastify';

interface Route {
  methods: readonly string[];
  pattern: RegExp;
}

/** Which methods the routes of a server have, to know 405 from 404. */
export class AllowedMethods {
  private readonly routes: Route[] = [];

  /** Call before there are routes. */
  attach(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      // What stands for all that is not there is no route of its own.
      if (url.includes('*') || [method].flat().length > METHODS.length) return;
      const pattern = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
      this.routes.push({ methods: [method].flat(), pattern: new RegExp(`^${pattern}/?$`) });
    });
  }

  /** @returns the methods, none when there is nothing at this path */
  of(url: string): string[] {
    const [path] = url.split('?');
    const found = this.routes.filter(({ pattern }) => pattern.test(path!)).flatMap(({ methods }) => methods);
    return METHODS.filter((method) => found.includes(method));
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
