import { percentile } from '../support/percentile';

/** Milliseconds of one kind of work, alone and beside what disturbs it. */
export interface Measurement {
  name: string;
  control: readonly number[];
  disturbed: readonly number[];
}

export function describeMeasurement({ name, control, disturbed }: Measurement): string {
  const [alone, beside] = [control, disturbed].map(
    (times) => `p50 ${ms(times, 0.5)} ms, p99 ${ms(times, 0.99)} ms (${times.length})`,
  );
  return `${name}: alone ${alone}; beside ${beside}; ratio ${ratio(0.5)} of p50, ${ratio(0.99)} of p99`;

  function ratio(share: number): string {
    return (percentile(disturbed, share) / percentile(control, share)).toFixed(1);
  }
}

function ms(times: readonly number[], share: number): string {
  return percentile(times, share).toFixed(1);
}
