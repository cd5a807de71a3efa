import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../database/database-clock.service';
import { inSpanOf, type Span, SpanKind } from '../../observability/tracing';
import { type InboxwireEvent, PROVENANCE } from '../../event/event.types';
import { type AttemptResult, faultOf } from './attempt-verdict';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { EndpointHeadersStore } from '../endpoint/endpoint-headers.store';
import { EndpointSecretStore } from '../endpoint/endpoint-secret.store';
import type { EndpointHeaders } from '../endpoint/endpoint.types';
import { describeConnectionFault } from '../egress/connection-fault';
import type { ReceiverResponse } from '../egress/http-exchange';
import { ReceiverClient } from '../egress/receiver.client';
import { TopicClient } from '../egress/topic.client';
import { topicOf } from '../egress/topic-url';
import { maskValues } from './mask-values';
import { readRetryAfter } from '../../common/retry-after';
import { signatureHeaders } from './webhook-signature';

const GONE = 410;

const POST_HEADERS = { 'content-type': 'application/json', 'user-agent': 'Inboxwire/1' };

/** Pub/Sub has acknowledged it: there is no status, and nothing else to read. */
const PUBLISHED = Symbol('published');

interface SignedBody {
  signature: ReturnType<typeof signatureHeaders>;
  body: string;
  /** The static headers of the endpoint. A topic has none. */
  own: EndpointHeaders;
}

/** Makes one attempt: one signed POST of an event to an endpoint, or one signed message to its topic. */
@Injectable()
export class AttemptService {
  constructor(
    private readonly receiver: ReceiverClient,
    private readonly topics: TopicClient,
    private readonly secrets: EndpointSecretStore,
    private readonly headers: EndpointHeadersStore,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Whatever the receiver does is a result and no error.
   *
   * @param signal ends the attempt
   * @throws UndecipherableError before anything was sent
   */
  make(target: DeliveryTarget, event: InboxwireEvent, signal: AbortSignal): Promise<AttemptResult> {
    const notification = event[PROVENANCE]?.notification;
    const attributes = {
      'inboxwire.endpoint.id': target.endpointId,
      'inboxwire.event.id': event.id,
      'messaging.message.id': notification?.messageId,
    };
    return inSpanOf(
      'delivery.attempt',
      [notification?.trace],
      { kind: SpanKind.CLIENT, attributes },
      (span) => this.attempt(target, event, signal, span),
    );
  }

  private async attempt(
    target: DeliveryTarget,
    event: InboxwireEvent,
    signal: AbortSignal,
    span: Span,
  ): Promise<AttemptResult> {
    // Receivers refuse what is signed at another time than theirs: five minutes are the rule.
    const at = await this.clock.now();
    const began = performance.now();
    const body = JSON.stringify(event);
    const own = this.headers.open(target.endpointId, target.headers);
    const signature = signatureHeaders(
      event.id,
      body,
      this.secrets.open(target.endpointId, target.secrets),
      at,
    );
    const response = await this.send(target, event, { own, signature, body }, signal).catch(
      (error: unknown) => describeConnectionFault(error),
    );
    const latencyMs = Math.round(performance.now() - began);
    const result =
      typeof response === 'string'
        ? unanswered(response, at, latencyMs)
        : response === PUBLISHED
          ? published(at, latencyMs)
          : classify(masked(response, own), at, latencyMs);
    span.setAttributes({
      'inboxwire.outcome': result.verdict,
      'http.response.status_code': result.attempt.status ?? undefined,
    });
    return result;
  }

  private async send(
    { url, ordering }: DeliveryTarget,
    { type, mailbox }: InboxwireEvent,
    { signature, body, own }: SignedBody,
    signal: AbortSignal,
  ): Promise<ReceiverResponse | typeof PUBLISHED> {
    const topic = topicOf(url);
    if (topic === undefined)
      return this.receiver.post(url, { ...own, ...POST_HEADERS, ...signature }, body, signal);
    const mailboxId = mailbox?.id ?? '';
    const attributes = { ...signature, type, mailboxId };
    const orderingKey = ordering === 'mailbox' ? mailboxId : '';
    await this.topics.publish(topic, { data: body, attributes, orderingKey }, signal);
    return PUBLISHED;
  }
}

/** Receivers that answer with the request would bring the values of its headers into the list of attempts. */
function masked(response: ReceiverResponse, own: EndpointHeaders): ReceiverResponse {
  return { ...response, beginning: maskValues(response.beginning, Object.values(own)) };
}

function published(at: Date, latencyMs: number): AttemptResult {
  const attempt = { at: at.toISOString(), status: null, latencyMs, error: null, response: null };
  return { verdict: 'delivered', attempt, retryAfter: 0 };
}

function unanswered(error: string, at: Date, latencyMs: number): AttemptResult {
  const attempt = { at: at.toISOString(), status: null, latencyMs, error, response: null };
  return { verdict: 'failed', attempt, retryAfter: 0 };
}

function classify(response: ReceiverResponse, at: Date, latencyMs: number): AttemptResult {
  const { status, beginning } = response;
  const error = faultOf(status);
  const now = at.getTime() + latencyMs;
  const attempt = { at: at.toISOString(), status, latencyMs, error, response: beginning || null };
  const verdict = status === GONE ? 'gone' : error === null ? 'delivered' : 'failed';
  return {
    verdict,
    attempt,
    retryAfter: readRetryAfter(response.retryAfter, { now, date: response.date }) ?? 0,
  };
}
