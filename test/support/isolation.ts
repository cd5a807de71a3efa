/** What one kind of client got, in the run that is measured and in the control run. */
export interface Isolation {
  control: number;
  disturbed: number;
  /** How many times worse it is with the disturbance. */
  ratio: number;
}

/**
 * Measures how much a disturbance costs those who have no part in it: the same work without it and with it, on the same
 * machine, one after the other. A ratio says what a time cannot, since a busy machine slows both runs.
 *
 * @param work measures once, in milliseconds: such as the 95th percentile of a healthy receiver's latency
 * @param disturb begins what disturbs, and returns how to end it
 * @param floor milliseconds: a control run that is faster counts as this long, since the ratio of two tiny times is noise
 */
export async function measureIsolation(
  work: () => Promise<number>,
  disturb: () => Promise<() => void | Promise<void>>,
  floor = 50,
): Promise<Isolation> {
  const control = Math.max(await work(), floor);
  const end = await disturb();
  try {
    const disturbed = await work();
    return { control, disturbed, ratio: disturbed / control };
  } finally {
    await end();
  }
}
