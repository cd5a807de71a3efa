import { shareWithTracing } from './config/environment';
import { wantsTracing } from './config/wants-tracing';

/** How long the spans that are left may take at the end. */
const LAST_EXPORT_MS = 500;

/**
 * Exports traces when the standard settings ask for it. Otherwise the SDK is not even loaded, and spans cost nothing.
 *
 * @returns ends it, with what is left to be exported
 */
export async function startTracing(
  environment: Record<string, string | undefined>,
): Promise<() => Promise<void>> {
  if (!wantsTracing(environment)) return async () => undefined;
  shareWithTracing(environment);
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'inboxwire' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return async () => {
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_EXPORT_MS).unref());
    // A collector that is away is no reason to hang, or to fail.
    await Promise.race([provider.shutdown().catch(() => undefined), late]);
  };
}
