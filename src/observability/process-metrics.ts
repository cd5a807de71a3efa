import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';

let metrics: Metric[] | undefined;

/**
 * What Node.js tells of this process: CPU, memory, event loop, garbage collection. They are made once for all applications
 * in a process, since what watches the event loop and the garbage collector never ends.
 */
export function processMetrics(): readonly Metric[] {
  if (metrics) return metrics;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // `_total` is for counters, and these are none: `promtool check metrics` says so. Others of theirs have the same by type.
  for (const what of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${what}_total`);
  return (metrics = registry.getMetricsAsArray() as unknown as Metric[]);
}
