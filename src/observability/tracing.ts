import {
  type Attributes,
  context,
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { describeError } from '../common/describe-error';

export { SpanKind, type Span };

interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
}

/** Does the work in a span, within the one under way if there is one. Without an SDK all of this does nothing. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return run(name, options, context.active(), work);
}

/**
 * Does the work in a span that belongs to other spans, of this replica or another one, and not to whoever woke the work.
 *
 * @param belongsTo `traceparent`s: the first is the parent, the others are linked to; none begins a trace
 */
export function inSpanOf<T>(
  name: string,
  belongsTo: readonly (string | undefined)[],
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const [parent, ...links] = belongsTo.flatMap((text) => parse(text) ?? []);
  const within = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  return run(name, { ...options, links: links.map((one) => ({ context: one })) }, within, work);
}

/** Where a span stands, as https://www.w3.org/TR/trace-context/#traceparent-header; undefined while tracing is off. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!isSpanContextValid({ traceId, spanId, traceFlags })) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function parse(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text ?? '') ?? [];
  if (!traceId || !spanId) return undefined;
  return { traceId, spanId, traceFlags: parseInt(flags!, 16), isRemote: true };
}

function run<T>(
  name: string,
  options: SpanOptions & { links?: { context: SpanContext }[] },
  within: Context,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer('inboxwire').startActiveSpan(name, options, within, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: describeError(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}
