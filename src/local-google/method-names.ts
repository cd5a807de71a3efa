import { PROJECT_METHODS } from './admin/project.methods';
import { PUBSUB_METHODS } from './admin/pubsub.methods';
import { QUOTA_COSTS } from './gmail/quota-costs';

const OTHER_METHODS = [
  'batch.gmail',
  'oauth2.authorize',
  'oauth2.token',
  'oauth2.revoke',
  'oauth2.certs.pem',
  'oauth2.certs.jwk',
  'sts.token',
] as const;

/** What is neither Gmail nor administration. */
export type OtherMethodName = (typeof OTHER_METHODS)[number];

/** What the log of requests calls them, and faults. */
export const METHOD_NAMES: readonly string[] = [
  ...OTHER_METHODS,
  ...Object.keys(QUOTA_COSTS),
  ...[...PROJECT_METHODS, ...PUBSUB_METHODS].map(({ name }) => name),
];
