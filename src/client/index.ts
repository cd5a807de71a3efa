export type { FollowedEvents, FollowOptions } from './follow-events.js';
export type * from './generated/types.gen.js';
export { Inboxwire, type InboxwireOptions } from './inboxwire.js';
export { isErased } from './is-erased.js';
export { paginate, type Page } from './paginate.js';
export { InboxwireProblem } from './problem.js';
export {
  verifyWebhook,
  type WebhookFault,
  type WebhookHeaders,
  WebhookVerificationError,
} from './webhooks.js';
