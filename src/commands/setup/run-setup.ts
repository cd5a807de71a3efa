import { SettingsError, EXIT_UNUSABLE_SETTINGS } from '../../config/settings.error';
import {
  applicationDefaultCredentials,
  NoCredentialsError,
} from '../../google-project/application-default-credentials';
import { type ApiOptions, GoogleApiClient } from '../../google-project/google-api.client';
import { readPlan } from '../../google-project/plan-settings';
import type { ProjectPlan } from '../../google-project/project-plan';
import { type Todo, todoOf } from '../../google-project/todo';
import { useProxySetting } from '../../google-project/use-proxy-setting';
import { type CommandContext, UsageError } from '../command';
import { runSteps } from './run-steps';
import type { StepResult } from './setup-step';

/** `EX_NOPERM` of sysexits(3). */
const EXIT_NO_PERMISSION = 77;
const DEFAULT_SCOPES = 'https://www.googleapis.com/auth/gmail.readonly';

interface SetupOptions {
  dryRun?: boolean;
  printEnv?: boolean;
  json?: boolean;
}

/** Makes the Google side ready, and reports on each step. @returns the exit status */
export async function runSetup(context: CommandContext<SetupOptions>): Promise<number> {
  const { options, environment, print, report } = context;
  if (options.json && options.printEnv) throw new UsageError('Give --json or --print-env, and not both.');
  const { plan, faults, origin } = readPlan(environment);
  if (plan === undefined) {
    const { message } = new SettingsError(faults);
    report(`setup cannot start with these settings:\n${message}`);
    if (options.json) print(asDocument([settingsStep(message)], []));
    return EXIT_UNUSABLE_SETTINGS;
  }
  const withoutProxy = useProxySetting(environment);
  const { steps, isDenied } = await trySteps(context, plan, origin).finally(withoutProxy);
  writeReport(context, plan, steps);
  if (isDenied) return EXIT_NO_PERMISSION;
  return steps.some(({ status }) => status === 'failed') ? 1 : 0;
}

async function trySteps(
  { options, environment, report }: CommandContext<SetupOptions>,
  plan: ProjectPlan,
  origin: string | undefined,
): Promise<{ steps: StepResult[]; isDenied: boolean }> {
  const dryRun = options.dryRun === true;
  const apiOptions: ApiOptions = { origin, waits: !dryRun, absentWhenDisabled: dryRun, report };
  report(`${dryRun ? 'Looking at' : 'Setting up'} project ${plan.project} …`);
  try {
    const keyFile = environment.GOOGLE_APPLICATION_CREDENTIALS || undefined;
    const api = new GoogleApiClient(await applicationDefaultCredentials(keyFile, origin), apiOptions);
    return await runSteps({ plan, api, dryRun }, () => (apiOptions.waits = false));
  } catch (error) {
    if (!(error instanceof NoCredentialsError)) throw error;
    const { message: detail, remedy, isOutOfReach } = error;
    report(`${detail}\n${remedy}`);
    return { steps: [{ name: 'credentials', status: 'failed', detail, remedy }], isDenied: !isOutOfReach };
  }
}

function writeReport(
  { options, environment, print, report }: CommandContext<SetupOptions>,
  plan: ProjectPlan,
  steps: readonly StepResult[],
): void {
  const todo = todoOf(plan, environment.GMAIL_SCOPES || DEFAULT_SCOPES);
  if (options.json) return print(asDocument(steps, todo));
  const write = options.printEnv ? report : print;
  for (const step of steps) {
    write(`${step.status.padEnd(8)} ${step.name.padEnd(25)} ${step.detail}`);
    if (step.remedy !== null) write(`${' '.repeat(9)}→ ${step.remedy}`);
  }
  write('\nWhat only you can do:');
  for (const { title, url } of todo) write(`  - ${title}\n    ${url}`);
  if (options.printEnv)
    for (const [name, value] of Object.entries(settingsOf(plan))) print(`${name}=${value}`);
}

/** What stands for all steps when none can be tried. */
function settingsStep(faults: string): StepResult {
  const remedy = 'Correct them in the environment or in .env; .env.example lists every setting.';
  return { name: 'settings', status: 'failed', detail: `${faults.replaceAll('\n', '; ')}.`, remedy };
}

function asDocument(steps: readonly StepResult[], todo: readonly Todo[]): string {
  const status = steps.some((step) => step.status === 'failed') ? 'failed' : 'ok';
  return JSON.stringify({ status, steps, todo }, null, 2);
}

function settingsOf(plan: ProjectPlan): Record<string, string> {
  const { publicUrl, endpoint, audience, serviceAccount, delivery } = plan;
  return {
    PUBSUB_TOPIC: plan.topic,
    PUBSUB_SUBSCRIPTION: plan.subscription,
    ...(serviceAccount && { PUBSUB_PUSH_SERVICE_ACCOUNT: serviceAccount }),
    ...(delivery === 'pull' && { PUBSUB_DELIVERY: delivery }),
    PUBLIC_URL: publicUrl,
    ...(audience !== endpoint && { PUBSUB_PUSH_AUDIENCE: audience }),
  };
}
