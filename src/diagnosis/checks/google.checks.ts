import { explainRefusal } from '../../google-project/explain-api-refusal';
import { GoogleApiError } from '../../google-project/google-api.error';
import type { GoogleApiClient } from '../../google-project/google-api.client';
import { hasGrant, readPolicy } from '../../google-project/iam-policy';
import {
  GMAIL_PUBLISHER,
  type ProjectPlan,
  PUBLISHER_ROLE,
  pubsubAgent,
  SUBSCRIBER_ROLE,
} from '../../google-project/project-plan';
import {
  deadLetterTopicOf,
  differences,
  immutableFault,
  plannedSubscription,
  type Subscription,
} from '../../google-project/subscription-plan';
import { type Check, failed, type Finding, ok, skipped, warning } from '../check';

const SETUP = 'Run `npm run setup`.';
const PUBSUB = 'https://pubsub.googleapis.com/v1';

/** A check that asks Google with the credentials of whoever runs it. */
function googleCheck(
  name: string,
  question: string,
  look: (
    api: GoogleApiClient,
    plan: ProjectPlan,
    environment: Record<string, string | undefined>,
  ) => Promise<Finding>,
): Check {
  return {
    name,
    question,
    run: async ({ google, plan, environment }) => {
      if (plan === undefined)
        return skipped(
          'The settings do not say which topic and subscription.',
          'Correct the settings first.',
        );
      if ('absent' in google) return skipped(google.absent.detail, google.absent.remedy);
      try {
        return await look(google.api, plan, environment);
      } catch (error) {
        const { detail, remedy } = explainRefusal(error, plan.project);
        const isUnseen = error instanceof GoogleApiError && error.lacks !== undefined;
        return isUnseen ? skipped(detail, remedy) : failed(detail, remedy);
      }
    },
  };
}

export const PROJECT_CHECK = googleCheck(
  'project',
  'Do the OAuth client and the topic belong to the same project?',
  async (api, plan, { GOOGLE_CLIENT_ID = '' }) => {
    const ofClient = /^(\d+)-/.exec(GOOGLE_CLIENT_ID)?.[1];
    if (ofClient === undefined)
      return warning(
        'GOOGLE_CLIENT_ID does not begin with the number of a project, as ids of OAuth clients do.',
        `Copy it from https://console.cloud.google.com/auth/clients?project=${plan.project}`,
      );
    const number = await numberOf(api, plan.project);
    if (number === ofClient) return ok(`Both belong to ${plan.project}, number ${number}.`);
    return failed(
      `GOOGLE_CLIENT_ID is of project number ${ofClient}, and PUBSUB_TOPIC of ${plan.project}, number ${number}: Gmail refuses to watch.`,
      'Use a client and a topic of one project.',
    );
  },
);

export const TOPIC_CHECK = googleCheck('topic', 'Is the topic there?', async (api, { topic }) =>
  (await api.find(`${PUBSUB}/${topic}`, 'pubsub.topics.get')) === undefined
    ? failed(`${topic} is not there.`, SETUP)
    : ok(`${topic} is there.`),
);

export const PUBLISHER_CHECK = googleCheck(
  'publisher',
  'May Gmail publish to the topic?',
  async (api, { topic }) => {
    const policy = (await readPolicy(api, topic)) ?? {};
    const grant = { member: GMAIL_PUBLISHER, role: PUBLISHER_ROLE };
    return hasGrant(policy, grant)
      ? ok('gmail-api-push@system.gserviceaccount.com is a publisher of the topic.')
      : failed(
          `gmail-api-push@system.gserviceaccount.com may not publish to ${topic}: Gmail refuses to watch.`,
          SETUP,
        );
  },
);

export const SERVICE_ACCOUNT_CHECK = googleCheck(
  'service-account',
  'Is the service account there that signs pushes?',
  async (api, { serviceAccount, delivery, project }) => {
    if (delivery === 'pull') return ok('None is needed: nothing is pushed.');
    const owner = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(serviceAccount!)?.[1] ?? project;
    const url = `https://iam.googleapis.com/v1/projects/${owner}/serviceAccounts/${serviceAccount}`;
    const found = await api.find<{ disabled?: boolean }>(url, 'iam.serviceAccounts.get');
    if (found === undefined) return failed(`${serviceAccount} is not there: pushes cannot be signed.`, SETUP);
    if (found.disabled)
      return failed(
        `${serviceAccount} is disabled.`,
        `Run gcloud iam service-accounts enable ${serviceAccount}`,
      );
    return ok(`${serviceAccount} is there.`);
  },
);

export const SUBSCRIPTION_CHECK = googleCheck(
  'subscription',
  'Does the subscription hand the notifications of the topic to this service?',
  async (api, plan) => {
    const existing = await subscriptionOf(api, plan);
    if (existing === undefined) return failed(`${plan.subscription} is not there.`, SETUP);
    const fault = immutableFault(existing, plan.topic);
    if (fault !== undefined)
      return failed(
        fault,
        `Delete it (gcloud pubsub subscriptions delete ${plan.subscription}), and run \`npm run setup\`.`,
      );
    const found = differences(existing, plannedSubscription(plan, existing));
    if (found.length === 0) return ok(`${plan.subscription} is as \`setup\` makes it.`);
    const detail = `${found.map((difference) => difference.detail).join('; ')}.`;
    return found.some(({ stopsPushes }) => stopsPushes) ? failed(detail, SETUP) : warning(detail, SETUP);
  },
);

export const DEAD_LETTER_CHECK = googleCheck(
  'dead-letters',
  'Are notifications that cannot be delivered kept?',
  async (api, plan) => {
    const existing = await subscriptionOf(api, plan);
    if (!existing?.deadLetterPolicy?.deadLetterTopic)
      return warning('The subscription has no dead-letter topic.', SETUP);
    const topic = deadLetterTopicOf(plan, existing);
    const member = pubsubAgent(await numberOf(api, plan.subscriptionProject));
    const [ofTopic, ofSubscription] = await Promise.all([
      readPolicy(api, topic),
      readPolicy(api, plan.subscription),
    ]);
    if (ofTopic === undefined) return warning(`The dead-letter topic ${topic} is not there.`, SETUP);
    const missing = [
      hasGrant(ofTopic, { member, role: PUBLISHER_ROLE }) ? [] : [`${PUBLISHER_ROLE} of ${topic}`],
      hasGrant(ofSubscription ?? {}, { member, role: SUBSCRIBER_ROLE })
        ? []
        : [`${SUBSCRIBER_ROLE} of ${plan.subscription}`],
    ].flat();
    if (missing.length > 0) return warning(`Pub/Sub's own agent lacks ${missing.join(' and ')}.`, SETUP);
    return ok(`They go to ${topic}.`);
  },
);

function subscriptionOf(
  api: GoogleApiClient,
  { subscription }: ProjectPlan,
): Promise<Subscription | undefined> {
  return api.find<Subscription>(`${PUBSUB}/${subscription}`, 'pubsub.subscriptions.get');
}

async function numberOf(api: GoogleApiClient, project: string): Promise<string> {
  const url = `https://cloudresourcemanager.googleapis.com/v1/projects/${project}`;
  const { projectNumber } = await api.call<{ projectNumber: string }>({
    method: 'GET',
    url,
    permission: 'resourcemanager.projects.get',
  });
  return projectNumber;
}
