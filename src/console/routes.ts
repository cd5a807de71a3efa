import type { Scope } from '../access/key/scope';

/** Every page and every form of the console, and the scope that its key needs. The paths are below `/console`. */
export const ROUTES = {
  'GET /': 'read',

  'GET /mailboxes': 'read',
  'GET /mailboxes/connect': 'write',
  'POST /mailboxes/connect': 'write',
  'GET /mailboxes/:id': 'read',
  'POST /mailboxes/:id/sync': 'write',
  'GET /mailboxes/:id/filter': 'write',
  'POST /mailboxes/:id/filter': 'write',
  'GET /mailboxes/:id/disconnect': 'write',
  'POST /mailboxes/:id/disconnect': 'write',
  'GET /mailboxes/:id/erase': 'write',
  'POST /mailboxes/:id/erase': 'write',

  'GET /events': 'read',
  'GET /events/rows': 'read',
  'GET /events/stream': 'read',
  'GET /events/:id': 'read',

  'GET /endpoints': 'read',
  'GET /endpoints/new': 'write',
  'POST /endpoints/new': 'write',
  'GET /endpoints/:id': 'read',
  'GET /endpoints/:id/edit': 'write',
  'POST /endpoints/:id/edit': 'write',
  'POST /endpoints/:id/test': 'write',
  'POST /endpoints/:id/enable': 'write',
  'GET /endpoints/:id/:action': 'write',
  'POST /endpoints/:id/:action': 'write',

  'GET /deliveries/:id': 'read',
  'POST /deliveries/:id/retry': 'write',

  'GET /api-keys': 'admin',
  'POST /api-keys': 'admin',
  'GET /api-keys/:id/revoke': 'admin',
  'POST /api-keys/:id/revoke': 'admin',

  'GET /setup': 'read',
  'POST /setup': 'write',
} as const satisfies Record<string, Scope>;

export type RouteName = keyof typeof ROUTES;

export const EVENT_STREAM: RouteName = 'GET /events/stream';
