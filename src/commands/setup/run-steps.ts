import { explainRefusal } from '../../google-project/explain-api-refusal';
import { GoogleApiError } from '../../google-project/google-api.error';
import { APIS_STEP } from './apis.step';
import { PROJECT_STEP } from './project.step';
import { SERVICE_ACCOUNT_STEP } from './service-account.step';
import { type SetupContext, StepError, type SetupStep, type StepResult } from './setup-step';
import { AGENT_STEP, DEAD_LETTER_SUBSCRIPTION_STEP, SUBSCRIPTION_STEP } from './subscription.steps';
import { DEAD_LETTER_TOPIC_STEP, PUBLISHER_STEP, TOPIC_STEP } from './topic.steps';

/** In their order. */
const STEPS: readonly SetupStep[] = [
  APIS_STEP,
  PROJECT_STEP,
  TOPIC_STEP,
  PUBLISHER_STEP,
  SERVICE_ACCOUNT_STEP,
  DEAD_LETTER_TOPIC_STEP,
  DEAD_LETTER_SUBSCRIPTION_STEP,
  SUBSCRIPTION_STEP,
  AGENT_STEP,
];

export interface StepResults {
  steps: StepResult[];
  /** Whether the credentials lack a permission. */
  isDenied: boolean;
}

/** Tries every step that does not depend on one that failed. @param waitNoMore called when APIs could not be enabled */
export async function runSteps(context: SetupContext, waitNoMore: () => void): Promise<StepResults> {
  const steps: StepResult[] = [];
  let isDenied = false;
  for (const step of STEPS) {
    const missing = steps.find(({ name, status }) => status === 'failed' && step.needs.includes(name));
    if (missing !== undefined) {
      const detail = `Not tried, because ${missing.name} failed.`;
      steps.push({ name: step.name, status: 'failed', detail, remedy: `Mend ${missing.name} first.` });
      continue;
    }
    try {
      steps.push({ name: step.name, ...(await step.run(context)), remedy: null });
    } catch (error) {
      isDenied ||= error instanceof GoogleApiError && error.lacks !== undefined;
      if (step === APIS_STEP) waitNoMore();
      steps.push({ name: step.name, status: 'failed', ...explain(error, context.plan.project) });
    }
  }
  return { steps, isDenied };
}

function explain(error: unknown, project: string): { detail: string; remedy: string } {
  if (error instanceof StepError) return { detail: error.message, remedy: error.remedy };
  return explainRefusal(error, project);
}
