import type { GoogleState } from '../google-state';
import type { HttpRequest } from '../http/exchange';
import { AdminError, errorInfo } from './admin-error';
import type { CloudProject } from './cloud-project';

/** One call of the administration, its path taken apart. */
export interface AdminCall {
  state: GoogleState;
  project: CloudProject;
  request: HttpRequest;
  body: Record<string, unknown>;
  /** What the pattern of the path has named. */
  parts: Record<string, string>;
}

export interface AdminMethod {
  /** `pubsub.projects.topics.get` */
  name: string;
  verb: string;
  path: RegExp;
  service: string;
  permission: string;
  run: (call: AdminCall) => object;
}

/** What Google checks before anything else: the token, the API, the permission. */
export function authorizeAdmin(state: GoogleState, request: HttpRequest, method: AdminMethod): void {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!state.adminTokens.has(token))
    throw new AdminError(
      401,
      'Request had invalid authentication credentials. Expected OAuth 2 access token.',
    );
  const { project } = state;
  if (!project.isEnabled(method.service, state.clock.now())) throw disabled(project, method.service);
  const denied = project.denied.get(method.permission);
  if (denied === undefined) return;
  if (!denied.named) throw new AdminError(403, 'User not authorized to perform this action.');
  const message = `Permission '${method.permission}' denied on resource (or it may not exist).`;
  const metadata = { permission: method.permission, resource: request.path };
  throw new AdminError(403, message, 'PERMISSION_DENIED', [errorInfo('IAM_PERMISSION_DENIED', metadata)]);
}

function disabled({ number }: CloudProject, service: string): AdminError {
  const message =
    `${service} has not been used in project ${number} before or it is disabled. Enable it by visiting ` +
    `https://console.developers.google.com/apis/api/${service}/overview?project=${number} then retry.`;
  const metadata = { service, consumer: `projects/${number}` };
  return new AdminError(403, message, 'PERMISSION_DENIED', [errorInfo('SERVICE_DISABLED', metadata)]);
}
