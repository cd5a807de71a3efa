import type { GoogleApiClient } from '../../google-project/google-api.client';
import type { ProjectPlan } from '../../google-project/project-plan';
import type { Subscription } from '../../google-project/subscription-plan';

export type StepStatus = 'ok' | 'created' | 'changed' | 'failed';

export interface StepResult {
  name: string;
  status: StepStatus;
  detail: string;
  remedy: string | null;
}

/** What steps work with, and pass to each other. */
export interface SetupContext {
  plan: ProjectPlan;
  api: GoogleApiClient;
  /** Changes nothing: a step says what it would do. */
  dryRun: boolean;
  /** The number of the subscription's project, once it was read. */
  projectNumber?: string;
  /** The subscription as it was before this run; undefined when there was none. */
  existing?: Subscription | undefined;
}

export type StepOutcome = Pick<StepResult, 'status' | 'detail'>;

/** One part of the Google side. Doing it again changes nothing. */
export interface SetupStep {
  name: string;
  /** The steps without which this one cannot be tried. */
  needs: readonly string[];
  run: (context: SetupContext) => Promise<StepOutcome>;
}

/** A step cannot be done, and Google's refusal is not the reason. */
export class StepError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Makes a change, unless this is a dry run, and words it. */
export async function change(
  { dryRun }: SetupContext,
  status: 'created' | 'changed',
  what: string,
  make: () => Promise<unknown>,
): Promise<StepOutcome> {
  if (dryRun) return { status, detail: `${what} (would be ${status})` };
  await make();
  return { status, detail: what };
}
