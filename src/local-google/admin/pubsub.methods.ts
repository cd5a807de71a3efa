import type { AdminCall, AdminMethod } from './admin-call';
import { AdminError, missing } from './admin-error';
import type { AdminResource, Policy } from './cloud-project';

const SERVICE = 'pubsub.googleapis.com';
const CHANGEABLE = [
  'pushConfig',
  'ackDeadlineSeconds',
  'messageRetentionDuration',
  'expirationPolicy',
  'deadLetterPolicy',
  'retryPolicy',
  'labels',
];

/** https://docs.cloud.google.com/pubsub/docs/reference/rest, of topics and subscriptions alike */
export const PUBSUB_METHODS: AdminMethod[] = ['topics', 'subscriptions'].flatMap((kind) => [
  method(
    kind,
    'get',
    'GET',
    '',
    ({ parts, project }) => resourceOf(project.find(parts.name!), parts.name!).body,
  ),
  method(kind, 'create', 'PUT', '', kind === 'topics' ? createTopic : createSubscription),
  method(kind, 'getIamPolicy', 'GET', ':getIamPolicy', getPolicy),
  method(kind, 'setIamPolicy', 'POST', ':setIamPolicy', setPolicy),
  ...(kind === 'subscriptions' ? [method(kind, 'update', 'PATCH', '', patchSubscription)] : []),
]);

function method(
  kind: string,
  verb: string,
  http: string,
  suffix: string,
  run: AdminMethod['run'],
): AdminMethod {
  return {
    name: `pubsub.projects.${kind}.${verb}`,
    verb: http,
    path: new RegExp(`^/v1/(?<name>projects/[^/]+/${kind}/[^/:]+)${suffix}$`),
    service: SERVICE,
    permission: `pubsub.${kind}.${verb}`,
    run,
  };
}

function resourceOf(found: AdminResource | undefined, name: string): AdminResource {
  if (found === undefined) throw missing(name);
  return found;
}

function createTopic({ project, state, parts, body }: AdminCall): object {
  refuseKnown(project.find(parts.name!), parts.name!);
  // Nobody may publish until the policy says so.
  state.topics.permit(parts.name!, false);
  return project.add(parts.name!, body).body;
}

function createSubscription({ project, parts, body }: AdminCall): object {
  refuseKnown(project.find(parts.name!), parts.name!);
  resourceOf(project.find(String(body.topic)), String(body.topic));
  const defaults = {
    ackDeadlineSeconds: 10,
    messageRetentionDuration: '604800s',
    expirationPolicy: { ttl: '2678400s' },
  };
  checkSubscription(project, body);
  const made = project.add(parts.name!, { ...defaults, ...body, state: 'ACTIVE' });
  project.route(parts.name!);
  return made.body;
}

function refuseKnown(known: AdminResource | undefined, name: string): void {
  if (known !== undefined)
    throw new AdminError(409, `Resource already exists in the project (resource=${name.split('/').at(-1)}).`);
}

function checkSubscription(project: AdminCall['project'], body: Record<string, unknown>): void {
  const { pushEndpoint, oidcToken } = (body.pushConfig ?? {}) as {
    pushEndpoint?: string;
    oidcToken?: Record<string, string>;
  };
  const account = oidcToken?.serviceAccountEmail;
  if (pushEndpoint !== undefined && !URL.canParse(pushEndpoint))
    throw new AdminError(400, `Invalid push endpoint given (endpoint=${pushEndpoint}).`);
  if (account !== undefined && !project.serviceAccounts.has(account))
    throw new AdminError(400, `Service account ${account} does not exist.`);
  const { deadLetterTopic } = (body.deadLetterPolicy ?? {}) as { deadLetterTopic?: string };
  if (deadLetterTopic !== undefined) resourceOf(project.find(deadLetterTopic), deadLetterTopic);
}

function patchSubscription({ project, parts, body }: AdminCall): object {
  const resource = resourceOf(project.find(parts.name!), parts.name!);
  const fields = (typeof body.updateMask === 'string' ? body.updateMask : '').split(',');
  const given = (body.subscription ?? {}) as Record<string, unknown>;
  const fixed = fields.find((field) => !CHANGEABLE.includes(field));
  if (fixed !== undefined)
    throw new AdminError(
      400,
      `Invalid update_mask provided in the UpdateSubscriptionRequest: ${fixed} is not updatable.`,
    );
  const changed = Object.fromEntries(fields.map((field) => [field, given[field]]));
  checkSubscription(project, changed);
  Object.assign(resource.body, changed);
  project.route(parts.name!);
  return resource.body;
}

/** Without version 3 in the request, conditions are left out, and the policy says so by its version. */
function getPolicy({ project, parts, request }: AdminCall): object {
  const { policy } = resourceOf(project.find(parts.name!), parts.name!);
  if (request.query.get('options.requestedPolicyVersion') === '3') return policy;
  return { ...policy, version: 1, bindings: policy.bindings.map(({ role, members }) => ({ role, members })) };
}

function setPolicy({ project, parts, body }: AdminCall): object {
  const { policy: current } = resourceOf(project.find(parts.name!), parts.name!);
  const given = (body.policy ?? {}) as Partial<Policy>;
  if (project.policyCollisions > 0) {
    project.policyCollisions -= 1;
    project.touchPolicy(parts.name!);
  }
  const { etag } = project.find(parts.name!)!.policy;
  if (given.etag !== undefined && given.etag !== etag)
    throw new AdminError(
      409,
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      'ABORTED',
    );
  if (current.bindings.some(({ condition }) => condition) && (given.version ?? 1) < 3)
    throw new AdminError(400, 'Policies with conditions need version 3.');
  const bindings = given.bindings ?? [];
  const strangers = bindings.flatMap(({ members }) => members).filter((member) => !isKnown(project, member));
  if (strangers.length > 0)
    throw new AdminError(
      400,
      `Service account ${strangers[0]!.replace('serviceAccount:', '')} does not exist.`,
    );
  if (
    project.domainRestricted &&
    bindings.some(({ members }) => members.some((member) => /gmail-api-push/.test(member)))
  )
    throw new AdminError(
      400,
      'One or more users named in the policy do not belong to a permitted customer, perhaps due to an organization policy.',
      'FAILED_PRECONDITION',
    );
  return project.setPolicy(parts.name!, { version: given.version ?? 1, etag: '', bindings });
}

function isKnown(project: AdminCall['project'], member: string): boolean {
  const isAgent = member === `serviceAccount:service-${project.number}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  if (isAgent) return project.agentExists;
  return !/^serviceAccount:service-\d+@gcp-sa-pubsub\./.test(member);
}
