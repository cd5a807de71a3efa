import type { GoogleState } from '../google-state';
import type { FaultOptions } from '../faults';
import type { HttpRequest, HttpResponse } from '../http/exchange';
import { json } from '../http/exchange';
import { authorizeAdmin, type AdminMethod } from './admin-call';
import { AdminError, adminErrorBody } from './admin-error';
import { PROJECT_METHODS } from './project.methods';
import { PUBSUB_METHODS } from './pubsub.methods';

const METHODS: readonly AdminMethod[] = [...PROJECT_METHODS, ...PUBSUB_METHODS];

/** The method of the administration that a request means; undefined when it means none. */
export function findAdminMethod({ method, path }: HttpRequest): AdminMethod | undefined {
  return METHODS.find((candidate) => candidate.verb === method && candidate.path.test(path));
}

/** One call of Google Cloud's administration: checked, logged, and counted when it changes something. */
export async function callAdmin(
  state: GoogleState,
  request: HttpRequest,
  method: AdminMethod,
): Promise<HttpResponse> {
  const { path } = request;
  const entry = {
    method: method.name,
    account: null,
    at: state.clock.now(),
    status: 0,
    units: 0,
    path,
    batched: false,
  };
  const errorBody = ({ status = 500, message }: FaultOptions) => adminErrorBody(status, message);
  try {
    const call = { method: method.name, path, account: null, errorBody };
    const answer = await state.faults.around(call, async () => run(state, request, method));
    entry.status = answer.status;
    return answer;
  } finally {
    state.log.add(entry);
  }
}

function run(state: GoogleState, request: HttpRequest, method: AdminMethod): HttpResponse {
  try {
    authorizeAdmin(state, request, method);
    const parts = { ...method.path.exec(request.path)!.groups } as Record<string, string>;
    const { project } = state;
    if (method.verb !== 'GET') project.writes += 1;
    return json(200, method.run({ state, project, request, parts, body: readBody(request) }));
  } catch (error) {
    if (error instanceof AdminError) return error.toResponse();
    throw error;
  }
}

function readBody({ body }: HttpRequest): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // What is no JSON is refused like what is no object.
  }
  throw new AdminError(400, 'Invalid JSON payload received.');
}
