import type { PageHandler } from '../page';
import type { RouteName } from '../routes';
import { apiKeysPage, createApiKey, revoke, revokePage } from './api-keys.page';
import { connectPage, createConnectSession } from './connect.page';
import { deliveryPage, retryDelivery } from './delivery.page';
import { enableEndpoint, endpointActionPage, runEndpointAction } from './endpoint-actions.page';
import { createEndpoint, editEndpoint, editEndpointPage, newEndpointPage } from './endpoint-form.page';
import { endpointPage, testEndpoint } from './endpoint.page';
import { endpointsPage } from './endpoints.page';
import { eventPage, eventsPage, newEventRows, streamEvents } from './events.page';
import { changeFilter, disconnect, disconnectPage, filterPage, requestSync } from './mailbox-actions.page';
import { erase, erasePage } from './mailbox-erasure.page';
import { mailboxPage } from './mailbox.page';
import { mailboxesPage } from './mailboxes.page';
import { overviewPage } from './overview.page';
import { checkAgain, setupPage } from './setup.page';

export { renderFragment, renderPage } from '../layout/render';
export { errorPage } from './error.page';
export { signInPage } from './sign-in.page';

/** Who answers which route. Loaded with the first request, and Preact with it. */
export const HANDLERS: Record<RouteName, PageHandler> = {
  'GET /': overviewPage,

  'GET /mailboxes': mailboxesPage,
  'GET /mailboxes/connect': (context) => connectPage(context),
  'POST /mailboxes/connect': createConnectSession,
  'GET /mailboxes/:id': mailboxPage,
  'POST /mailboxes/:id/sync': requestSync,
  'GET /mailboxes/:id/filter': (context) => filterPage(context),
  'POST /mailboxes/:id/filter': changeFilter,
  'GET /mailboxes/:id/disconnect': disconnectPage,
  'POST /mailboxes/:id/disconnect': disconnect,
  'GET /mailboxes/:id/erase': (context) => erasePage(context),
  'POST /mailboxes/:id/erase': erase,

  'GET /events': eventsPage,
  'GET /events/rows': newEventRows,
  'GET /events/stream': streamEvents,
  'GET /events/:id': eventPage,

  'GET /endpoints': endpointsPage,
  'GET /endpoints/new': (context) => newEndpointPage(context),
  'POST /endpoints/new': createEndpoint,
  'GET /endpoints/:id': (context) => endpointPage(context),
  'GET /endpoints/:id/edit': (context) => editEndpointPage(context),
  'POST /endpoints/:id/edit': editEndpoint,
  'POST /endpoints/:id/test': testEndpoint,
  'POST /endpoints/:id/enable': enableEndpoint,
  'GET /endpoints/:id/:action': (context) => endpointActionPage(context),
  'POST /endpoints/:id/:action': runEndpointAction,

  'GET /deliveries/:id': deliveryPage,
  'POST /deliveries/:id/retry': retryDelivery,

  'GET /api-keys': (context) => apiKeysPage(context),
  'POST /api-keys': createApiKey,
  'GET /api-keys/:id/revoke': revokePage,
  'POST /api-keys/:id/revoke': revoke,

  'GET /setup': setupPage,
  'POST /setup': checkAgain,
};
