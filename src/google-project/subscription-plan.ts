import type { ProjectPlan } from './project-plan';

/** A subscription as Pub/Sub describes it: https://docs.cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions */
export interface Subscription {
  name?: string;
  topic?: string;
  detached?: boolean;
  filter?: string;
  pushConfig?: { pushEndpoint?: string; oidcToken?: { serviceAccountEmail?: string; audience?: string } };
  ackDeadlineSeconds?: number;
  messageRetentionDuration?: string;
  expirationPolicy?: { ttl?: string };
  deadLetterPolicy?: { deadLetterTopic?: string; maxDeliveryAttempts?: number };
  retryPolicy?: { minimumBackoff?: string; maximumBackoff?: string };
}

const ACK_DEADLINE_SECONDS = 10;
const RETENTION_SECONDS = 7 * 86_400;
const MAX_DELIVERY_ATTEMPTS = 100;
const RETRY_SECONDS = { minimum: 10, maximum: 600 };

/** One property that is not as planned. */
export interface Difference {
  /** As `updateMask` names it. */
  field: keyof Subscription;
  /** What is, and what should be, for a person. */
  detail: string;
  /** Whether pushes do not arrive, or are not taken, because of it. */
  stopsPushes: boolean;
}

/** What the subscription of Gmail's notifications should be. A dead-letter topic that is set already is kept. */
export function plannedSubscription(plan: ProjectPlan, existing: Subscription = {}): Subscription {
  const { serviceAccount, audience, endpoint } = plan;
  const oidcToken = { serviceAccountEmail: serviceAccount!, audience };
  return {
    topic: plan.topic,
    pushConfig: plan.delivery === 'pull' ? {} : { ...existing.pushConfig, pushEndpoint: endpoint, oidcToken },
    ackDeadlineSeconds: ACK_DEADLINE_SECONDS,
    messageRetentionDuration: `${RETENTION_SECONDS}s`,
    expirationPolicy: {},
    deadLetterPolicy: {
      deadLetterTopic: deadLetterTopicOf(plan, existing),
      maxDeliveryAttempts: MAX_DELIVERY_ATTEMPTS,
    },
    retryPolicy: { minimumBackoff: `${RETRY_SECONDS.minimum}s`, maximumBackoff: `${RETRY_SECONDS.maximum}s` },
  };
}

/** What the subscription that takes dead letters should be. */
export function plannedDeadLetters(deadLetterTopic: string): Subscription {
  return { topic: deadLetterTopic, messageRetentionDuration: `${RETENTION_SECONDS}s`, expirationPolicy: {} };
}

export function deadLetterTopicOf(plan: ProjectPlan, existing: Subscription = {}): string {
  return existing.deadLetterPolicy?.deadLetterTopic || plan.deadLetterTopic;
}

/** What can never be changed; undefined when nothing of it stands in the way. */
export function immutableFault(existing: Subscription, topic: string): string | undefined {
  if (existing.detached) return 'It is detached from its topic, and receives nothing any more.';
  if (existing.topic === '_deleted-topic_')
    return 'Its topic was deleted, and a new one of that name does not come back to it.';
  if (existing.topic !== topic) return `It is a subscription of ${existing.topic}, not of ${topic}.`;
  if (existing.filter) return `Its filter (${existing.filter}) keeps notifications of Gmail out.`;
  return undefined;
}

/** What is not as planned and can be changed. */
export function differences(existing: Subscription, planned: Subscription): Difference[] {
  return COMPARED.flatMap(({ field, stopsPushes, show }) => {
    if (planned[field] === undefined) return [];
    const [is, should] = [show(existing), show(planned)];
    return is === should
      ? []
      : [{ field, stopsPushes, detail: `${WORDS[field] ?? field}: ${is} instead of ${should}` }];
  });
}

const WORDS: Partial<Record<keyof Subscription, string>> = {
  pushConfig: 'delivery',
  ackDeadlineSeconds: 'ack deadline',
  messageRetentionDuration: 'retention',
  expirationPolicy: 'expiration',
  deadLetterPolicy: 'dead letters',
  retryPolicy: 'retry',
};

const COMPARED: readonly {
  field: keyof Subscription;
  stopsPushes: boolean;
  show: (subscription: Subscription) => string;
}[] = [
  { field: 'pushConfig', stopsPushes: true, show: ({ pushConfig }) => showPush(pushConfig) },
  {
    field: 'ackDeadlineSeconds',
    stopsPushes: false,
    show: ({ ackDeadlineSeconds }) => `${ackDeadlineSeconds ?? ACK_DEADLINE_SECONDS} s`,
  },
  {
    field: 'messageRetentionDuration',
    stopsPushes: false,
    show: ({ messageRetentionDuration }) => `${seconds(messageRetentionDuration) ?? RETENTION_SECONDS} s`,
  },
  {
    field: 'expirationPolicy',
    stopsPushes: false,
    show: ({ expirationPolicy }) => showExpiration(expirationPolicy),
  },
  {
    field: 'deadLetterPolicy',
    stopsPushes: false,
    show: ({ deadLetterPolicy }) => showDeadLetters(deadLetterPolicy),
  },
  { field: 'retryPolicy', stopsPushes: false, show: ({ retryPolicy }) => showRetry(retryPolicy) },
];

function showPush(push: Subscription['pushConfig']): string {
  if (!push?.pushEndpoint) return 'pull';
  const { serviceAccountEmail, audience } = push.oidcToken ?? {};
  const identity = serviceAccountEmail ? `signed by ${serviceAccountEmail}` : 'without a token';
  // An audience that was left out is the endpoint.
  return `push to ${push.pushEndpoint}, ${identity}, for ${audience || push.pushEndpoint}`;
}

/** Without a policy a subscription that is quiet for 31 days is deleted. */
function showExpiration(policy: Subscription['expirationPolicy']): string {
  if (policy === undefined) return 'after 31 days';
  const ttl = seconds(policy.ttl);
  return ttl ? `after ${ttl / 86_400} days` : 'never';
}

function showDeadLetters(policy: Subscription['deadLetterPolicy']): string {
  if (!policy?.deadLetterTopic) return 'none';
  // 0 stands for the default: https://docs.cloud.google.com/pubsub/docs/dead-letter-topics
  return `to ${policy.deadLetterTopic} after ${policy.maxDeliveryAttempts || 5}`;
}

function showRetry(policy: Subscription['retryPolicy']): string {
  if (policy === undefined) return 'at once';
  return `after ${seconds(policy.minimumBackoff) ?? 10} to ${seconds(policy.maximumBackoff) ?? 600} s`;
}

/** `604800s` and `604800.000s` are the same. */
function seconds(duration: string | undefined): number | undefined {
  const value = Number(duration?.replace(/s$/, ''));
  return duration === undefined || duration === '' || Number.isNaN(value) ? undefined : value;
}
