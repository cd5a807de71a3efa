import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { NotFoundError } from '../../common/inboxwire.error';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import { DeliveryNotDeadError, EndpointDisabledError } from '../delivery.errors';
import { type AttemptDto, DeliveryDto, DeliveryPageDto } from './delivery.dto';

const FAILED: AttemptDto = {
  at: '2026-11-22T09:14:02.702Z',
  status: 500,
  latencyMs: 38,
  error: 'the receiver answered 500',
  response: '{"error": "maintenance"}',
};

const DELIVERY: DeliveryDto = {
  id: EXAMPLE_ID.delivery,
  endpointId: EXAMPLE_ID.endpoint,
  mailboxId: EXAMPLE_ID.mailbox,
  eventId: EXAMPLE_ID.event,
  eventType: 'message.added',
  status: 'delivered',
  attempts: [
    FAILED,
    { at: '2026-11-22T09:14:07.911Z', status: 204, latencyMs: 12, error: null, response: null },
  ],
  nextAttemptAt: null,
};

/** After a dead delivery was asked for again. */
const RETRIED_DELIVERY: DeliveryDto = {
  ...DELIVERY,
  status: 'pending',
  attempts: [FAILED],
  nextAttemptAt: '2026-11-22T10:03:41.120Z',
};

const DELIVERY_PAGE: DeliveryPageDto = { data: [DELIVERY], nextCursor: encodeCursor(DELIVERY.id) };

const NOT_FOUND = new NotFoundError('delivery', EXAMPLE_ID.delivery);

export const ApiListDeliveries = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'listDeliveries',
      summary: 'List deliveries with their attempts, the newest events first',
    }),
    ApiOkResponse({ type: DeliveryPageDto, description: 'A page of deliveries', example: DELIVERY_PAGE }),
  );

export const ApiGetDelivery = (): MethodDecorator =>
  applyDecorators(
    ApiId('delivery', EXAMPLE_ID.delivery),
    ApiOperation({ operationId: 'getDelivery', summary: 'Get one delivery' }),
    ApiOkResponse({ type: DeliveryDto, description: 'The delivery', example: DELIVERY }),
    ApiProblems(NOT_FOUND),
  );

export const ApiRetryDelivery = (): MethodDecorator =>
  applyDecorators(
    ApiId('delivery', EXAMPLE_ID.delivery),
    ApiOperation({
      operationId: 'retryDelivery',
      summary: 'Try a dead delivery again, with all its attempts anew, or a pending one now',
      description:
        'With `ordering: "mailbox"` a pending one that waits for its turn is tried after those before it. If an attempt is under way and fails, the next one follows at once. A dead one is not found when its event has left the log.',
    }),
    ApiAcceptedResponse({
      type: DeliveryDto,
      description: 'It will be tried again',
      example: RETRIED_DELIVERY,
    }),
    ApiProblems(
      NOT_FOUND,
      new DeliveryNotDeadError(DELIVERY),
      new EndpointDisabledError({ id: EXAMPLE_ID.endpoint, disabledReason: 'the receiver answered 410' }),
    ),
  );
