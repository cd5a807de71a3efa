/** The Google side as the settings want it. */
export interface ProjectPlan {
  project: string;
  topic: string;
  subscription: string;
  /** The project of the subscription, which is usually the same. */
  subscriptionProject: string;
  deadLetterTopic: string;
  deadLetterSubscription: string;
  delivery: 'push' | 'pull';
  /** Of pushes. */
  serviceAccount: string | undefined;
  endpoint: string;
  audience: string;
  publicUrl: string;
  /** Whether Google's own Pub/Sub would push there. A local stand-in pushes to any URL. */
  isEndpointAccepted: boolean;
}

export interface PlanSettings {
  topic: string;
  subscription: string;
  delivery: 'push' | 'pull';
  serviceAccount: string | undefined;
  publicUrl: string;
  audience: string;
  /** Whether a local stand-in takes the place of Google. */
  isLocal: boolean;
}

export const GMAIL_PUBLISHER = 'serviceAccount:gmail-api-push@system.gserviceaccount.com';
export const PUBLISHER_ROLE = 'roles/pubsub.publisher';
export const SUBSCRIBER_ROLE = 'roles/pubsub.subscriber';

export function projectPlan({ isLocal, ...settings }: PlanSettings): ProjectPlan {
  const { topic, subscription, delivery, publicUrl } = settings;
  return {
    ...settings,
    project: projectOf(topic),
    subscriptionProject: projectOf(subscription),
    deadLetterTopic: `${topic}-dead-letter`,
    deadLetterSubscription: `${subscription}-dead-letter`,
    endpoint: `${publicUrl}/webhooks/gmail`,
    isEndpointAccepted: isLocal || delivery === 'pull' || publicUrl.startsWith('https:'),
  };
}

/** The project of `projects/P/topics/T`. */
export function projectOf(resource: string): string {
  return resource.split('/')[1]!;
}

/** Pub/Sub itself, as it moves dead letters. */
export function pubsubAgent(projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
}
