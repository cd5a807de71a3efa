/**
 * Whether traces are to be exported: when the standard settings say where to, and none of them says no. Only OTLP is
 * spoken.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function wantsTracing(environment: Record<string, string | undefined>): boolean {
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const exporters = environment.OTEL_TRACES_EXPORTER?.split(',').map((name) => name.trim()) ?? [];
  const named = exporters.filter((name) => name !== '');
  if (named.length > 0) return named.includes('otlp');
  return Boolean(environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT);
}
