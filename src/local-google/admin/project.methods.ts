import type { AdminCall, AdminMethod } from './admin-call';
import { AdminError } from './admin-error';

const SERVICE_USAGE = 'serviceusage.googleapis.com';
const IAM = 'iam.googleapis.com';

/** Service Usage, Resource Manager and IAM: as much of them as a set-up needs. */
export const PROJECT_METHODS: AdminMethod[] = [
  {
    name: 'serviceusage.services.get',
    verb: 'GET',
    path: /^\/v1\/projects\/(?<project>[^/]+)\/services\/(?<service>[^/:]+)$/,
    service: SERVICE_USAGE,
    permission: 'serviceusage.services.get',
    run: (call) => serviceOf(call),
  },
  {
    name: 'serviceusage.services.enable',
    verb: 'POST',
    path: /^\/v1\/projects\/(?<project>[^/]+)\/services\/(?<service>[^/:]+):enable$/,
    service: SERVICE_USAGE,
    permission: 'serviceusage.services.enable',
    run: enable,
  },
  {
    name: 'cloudresourcemanager.projects.get',
    verb: 'GET',
    path: /^\/v1\/projects\/(?<project>[^/]+)$/,
    service: 'cloudresourcemanager.googleapis.com',
    permission: 'resourcemanager.projects.get',
    run: ({ project }) => ({
      projectId: project.id,
      projectNumber: project.number,
      lifecycleState: 'ACTIVE',
    }),
  },
  {
    name: 'iam.projects.serviceAccounts.get',
    verb: 'GET',
    path: /^\/v1\/projects\/(?<project>[^/]+)\/serviceAccounts\/(?<email>[^/:]+)$/,
    service: IAM,
    permission: 'iam.serviceAccounts.get',
    run: ({ project, parts }) => {
      const email = decodeURIComponent(parts.email!);
      const found = project.serviceAccounts.get(email);
      if (found === undefined) throw new AdminError(404, `Unknown service account`);
      return { name: `projects/${project.id}/serviceAccounts/${email}`, email, ...found };
    },
  },
  {
    name: 'iam.projects.serviceAccounts.create',
    verb: 'POST',
    path: /^\/v1\/projects\/(?<project>[^/]+)\/serviceAccounts$/,
    service: IAM,
    permission: 'iam.serviceAccounts.create',
    run: createServiceAccount,
  },
];

function serviceOf({ project, state, parts }: AdminCall): object {
  const isEnabled = project.isEnabled(parts.service!, state.clock.now());
  const name = `projects/${project.number}/services/${parts.service}`;
  return { name, parent: `projects/${project.number}`, state: isEnabled ? 'ENABLED' : 'DISABLED' };
}

/** It takes a while, of which the answer says so. */
function enable(call: AdminCall): object {
  const { project, state, parts } = call;
  const now = state.clock.now();
  const at = project.enabledAt.get(parts.service!) ?? now + project.enablingMs;
  project.enabledAt.set(parts.service!, at);
  const name = `operations/acf.${parts.service}`;
  return at <= now
    ? { name: 'operations/noop.DONE_OPERATION', done: true, response: { service: serviceOf(call) } }
    : { name };
}

function createServiceAccount({ project, body }: AdminCall): object {
  const accountId = String(body.accountId);
  if (!/^[a-z]([-a-z0-9]{0,28}[a-z0-9])$/.test(accountId))
    throw new AdminError(400, 'The account ID is invalid.');
  const email = `${accountId}@${project.id}.iam.gserviceaccount.com`;
  if (project.serviceAccounts.has(email))
    throw new AdminError(
      409,
      `Service account ${accountId} already exists within project projects/${project.id}.`,
    );
  project.serviceAccounts.set(email, {});
  return { name: `projects/${project.id}/serviceAccounts/${email}`, email };
}
