import { wantsTracing } from './wants-tracing';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe(wantsTracing.name, () => {
  it.each([
    ENDPOINT,
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' },
    { OTEL_TRACES_EXPORTER: 'otlp' },
    { OTEL_TRACES_EXPORTER: 'console, otlp' },
    { ...ENDPOINT, OTEL_SDK_DISABLED: 'false' },
  ])('is on with %p', (environment) => expect(wantsTracing(environment)).toBe(true));

  it.each([
    {},
    { OTEL_SERVICE_NAME: 'mail' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' },
    { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
  ])('is off with %p', (environment) => expect(wantsTracing(environment)).toBe(false));
});
