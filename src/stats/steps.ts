/** How long a step may be, and how far back a question goes that does not say from when. */
export const STEPS = {
  '1m': { seconds: 60, defaultSteps: 60 },
  '5m': { seconds: 300, defaultSteps: 288 },
  '1h': { seconds: 3_600, defaultSteps: 168 },
  '1d': { seconds: 86_400, defaultSteps: 30 },
} as const;

export type StepName = keyof typeof STEPS;

export const STEP_NAMES = Object.keys(STEPS) as StepName[];

/** The steps of an answer at most: a week of minutes. */
export const MAX_STEPS = 10_080;

/** The beginning of the step in which a time lies. Days begin at midnight in UTC. */
export function beginOf(time: number, stepSeconds: number): number {
  const stepMs = stepSeconds * 1_000;
  return Math.floor(time / stepMs) * stepMs;
}
