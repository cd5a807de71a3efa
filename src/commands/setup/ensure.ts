import { GoogleApiError } from '../../google-project/google-api.error';
import { change, type SetupContext, type StepOutcome } from './setup-step';

/** Makes a topic or a subscription unless it is there. Another run may make it at the same time. */
export async function ensure(
  context: SetupContext,
  name: string,
  permissions: string,
  body: object,
): Promise<StepOutcome> {
  const { api } = context;
  const url = `https://pubsub.googleapis.com/v1/${name}`;
  if ((await api.find(url, `${permissions}.get`)) !== undefined) return { status: 'ok', detail: name };
  return change(context, 'created', name, async () => {
    try {
      await api.call({ method: 'PUT', url, body, permission: `${permissions}.create` });
    } catch (error) {
      if (!(error instanceof GoogleApiError && error.status === 409)) throw error;
    }
  });
}
