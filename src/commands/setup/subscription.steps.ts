import { PUBLISHER_ROLE, pubsubAgent, SUBSCRIBER_ROLE } from '../../google-project/project-plan';
import {
  deadLetterTopicOf,
  differences,
  immutableFault,
  plannedDeadLetters,
  plannedSubscription,
  type Subscription,
} from '../../google-project/subscription-plan';
import { ensure } from './ensure';
import { addGrant, would } from './topic.steps';
import { change, StepError, type SetupContext, type SetupStep, type StepOutcome } from './setup-step';

export const DEAD_LETTER_SUBSCRIPTION_STEP: SetupStep = {
  name: 'dead-letter-subscription',
  needs: ['dead-letter-topic'],
  run: async (context) => {
    const { plan, existing } = context;
    const topic = deadLetterTopicOf(plan, existing);
    if (topic !== plan.deadLetterTopic)
      return {
        status: 'ok',
        detail: `${topic} was set already and is kept, with the subscriptions that it has`,
      };
    return adopt(context, plan.deadLetterSubscription, plannedDeadLetters(topic));
  },
};

export const SUBSCRIPTION_STEP: SetupStep = {
  name: 'subscription',
  needs: ['topic', 'service-account', 'dead-letter-topic'],
  run: async (context) => {
    const { plan, existing } = context;
    if (!plan.isEndpointAccepted)
      throw new StepError(
        `Pub/Sub pushes to https only, and PUBLIC_URL is ${plan.publicUrl}.`,
        'Set PUBLIC_URL to the https address that leads to the service, or PUBSUB_DELIVERY=pull: that needs none (docs/pull.md).',
      );
    return adopt(context, plan.subscription, plannedSubscription(plan, existing));
  },
};

/** Pub/Sub moves dead letters itself, and needs the right to. */
export const AGENT_STEP: SetupStep = {
  name: 'agent',
  needs: ['project', 'dead-letter-topic', 'subscription'],
  run: async (context) => {
    const { plan, existing } = context;
    const member = pubsubAgent(context.projectNumber ?? 'NUMBER');
    const deadLetterTopic = deadLetterTopicOf(plan, existing);
    const grants = [
      { resource: deadLetterTopic, member, role: PUBLISHER_ROLE },
      { resource: plan.subscription, member, role: SUBSCRIBER_ROLE },
    ];
    const added: string[] = [];
    for (const grant of grants)
      if (await addGrant(context, grant)) added.push(`${grant.role} of ${grant.resource}`);
    if (added.length > 0)
      return { status: 'changed', detail: `Pub/Sub's agent ${would(context)} ${added.join(' and ')}` };
    return { status: 'ok', detail: `Pub/Sub's agent may move dead letters to ${deadLetterTopic}` };
  },
};

/** Makes the subscription, or changes what differs of the one that is there. */
async function adopt(context: SetupContext, name: string, planned: Subscription): Promise<StepOutcome> {
  const { api } = context;
  const url = `https://pubsub.googleapis.com/v1/${name}`;
  const existing = await api.find<Subscription>(url, 'pubsub.subscriptions.get');
  if (existing === undefined) {
    const made = await ensure(context, name, 'pubsub.subscriptions', planned);
    return { ...made, status: 'created' };
  }
  const fault = immutableFault(existing, planned.topic!);
  if (fault !== undefined)
    throw new StepError(
      `${name} cannot be used. ${fault}`,
      `That cannot be changed: delete it (gcloud pubsub subscriptions delete ${name}) and run setup again, or name another one in PUBSUB_SUBSCRIPTION.`,
    );
  const found = differences(existing, planned);
  if (found.length === 0) return { status: 'ok', detail: name };
  const fields = found.map(({ field }) => field);
  const subscription = { name, ...Object.fromEntries(fields.map((field) => [field, planned[field]])) };
  const what = `${name}: ${found.map(({ detail }) => detail).join('; ')}`;
  return change(context, 'changed', what, () =>
    api.call({
      method: 'PATCH',
      url,
      body: { subscription, updateMask: fields.join(',') },
      permission: 'pubsub.subscriptions.update',
    }),
  );
}
