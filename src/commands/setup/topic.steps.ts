import { ensureGrant, hasGrant, readPolicy, type Grant } from '../../google-project/iam-policy';
import { GMAIL_PUBLISHER, PUBLISHER_ROLE } from '../../google-project/project-plan';
import { deadLetterTopicOf, type Subscription } from '../../google-project/subscription-plan';
import { ensure } from './ensure';
import { type SetupContext, type SetupStep, type StepOutcome } from './setup-step';

export const TOPIC_STEP: SetupStep = {
  name: 'topic',
  needs: [],
  run: (context) => ensureTopic(context, context.plan.topic),
};

export const PUBLISHER_STEP: SetupStep = {
  name: 'publisher',
  needs: ['topic'],
  run: async (context) => {
    const grant = { resource: context.plan.topic, member: GMAIL_PUBLISHER, role: PUBLISHER_ROLE };
    return (await addGrant(context, grant))
      ? { status: 'changed', detail: `Gmail ${would(context)} ${grant.role} of ${grant.resource}` }
      : { status: 'ok', detail: `Gmail may publish to ${grant.resource}` };
  },
};

export const DEAD_LETTER_TOPIC_STEP: SetupStep = {
  name: 'dead-letter-topic',
  needs: [],
  run: async (context) => {
    // Before anything of it is changed: a dead-letter topic that is set already is kept.
    const url = `https://pubsub.googleapis.com/v1/${context.plan.subscription}`;
    context.existing = await context.api.find<Subscription>(url, 'pubsub.subscriptions.get');
    return ensureTopic(context, deadLetterTopicOf(context.plan, context.existing));
  },
};

/** Grants what is missing; in a dry run it only looks. @returns whether it was missing */
export async function addGrant({ api, dryRun }: SetupContext, grant: Grant): Promise<boolean> {
  if (!dryRun) return ensureGrant(api, grant);
  const policy = await readPolicy(api, grant.resource);
  return policy === undefined || !hasGrant(policy, grant);
}

export function would({ dryRun }: SetupContext): string {
  return dryRun ? 'would get' : 'got';
}

function ensureTopic(context: SetupContext, topic: string): Promise<StepOutcome> {
  return ensure(context, topic, 'pubsub.topics', {});
}
