import { setTimeout as delay } from 'node:timers/promises';
import { type SetupContext, StepError, type SetupStep } from './setup-step';

/** Resource Manager first of those that the other steps need: it says the number of the project. */
const SERVICES = [
  'cloudresourcemanager.googleapis.com',
  'iam.googleapis.com',
  'pubsub.googleapis.com',
  'gmail.googleapis.com',
];
const ENABLE_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 2_000;
const FIRST_POLLS_MS = 250;

interface Service {
  state?: string;
}

/** An operation: https://docs.cloud.google.com/service-usage/docs/reference/rest/v1/operations */
interface Operation {
  done?: boolean;
  response?: unknown;
}

export const APIS_STEP: SetupStep = {
  name: 'apis',
  needs: [],
  run: async (context) => {
    const enabled: string[] = [];
    for (const service of SERVICES) if (await enable(context, service)) enabled.push(service);
    if (enabled.length === 0) return { status: 'ok', detail: `${SERVICES.join(', ')} are enabled` };
    return {
      status: 'changed',
      detail: `${enabled.join(', ')} ${context.dryRun ? 'would be' : 'were'} enabled`,
    };
  },
};

/** @returns whether it had to be */
async function enable(context: SetupContext, service: string): Promise<boolean> {
  const { api, plan, dryRun } = context;
  const url = `https://serviceusage.googleapis.com/v1/projects/${plan.project}/services/${service}`;
  if ((await stateOf(context, url)) === 'ENABLED') return false;
  if (dryRun) return true;
  const permission = 'serviceusage.services.enable';
  const operation = await api.call<Operation>({ method: 'POST', url: `${url}:enable`, body: {}, permission });
  if (operation.done || operation.response !== undefined) return true;
  const deadline = Date.now() + ENABLE_TIMEOUT_MS;
  for (
    let wait = FIRST_POLLS_MS;
    (await stateOf(context, url)) !== 'ENABLED';
    wait = Math.min(2 * wait, POLL_INTERVAL_MS)
  ) {
    if (Date.now() > deadline)
      throw new StepError(
        `${service} is still being enabled after ${ENABLE_TIMEOUT_MS / 1_000} s.`,
        `Run setup again in some minutes, or look at https://console.cloud.google.com/apis/library/${service}?project=${plan.project}`,
      );
    await delay(wait);
  }
  return true;
}

async function stateOf({ api }: SetupContext, url: string): Promise<string | undefined> {
  return (await api.find<Service>(url, 'serviceusage.services.get'))?.state;
}
