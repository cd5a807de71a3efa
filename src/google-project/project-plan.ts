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
}

export interface PlanSettings {
  topic: string;
  subscription: string;
  delivery: 'push' | 'pull';
  serviceAccount: string | undefined;
  publicUrl: string;
  audience: string;
}

export const GMAIL_PUBLISHER = 'serviceAccount:gmail-api-push@system.gserviceaccount.com';
export const PUBLISHER_ROLE = 'roles/pubsub.publisher';
export const SUBSCRIBER_ROLE = 'roles/pubsub.subscriber';

export function projectPlan(settings: PlanSettings): ProjectPlan {
  const { topic, subscription } = settings;
  return {
    ...settings,
    project: projectOf(topic),
    subscriptionProject: projectOf(subscription),
    deadLetterTopic: `${topic}-dead-letter`,
    deadLetterSubscription: `${subscription}-dead-letter`,
    endpoint: `${settings.publicUrl}/webhooks/gmail`,
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
