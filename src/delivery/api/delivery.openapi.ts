import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import type { AttemptDto, DeliveryDto, DeliveryPageDto } from './delivery.dto';
import type { RecoveredDto, TestResultDto } from './endpoint-action.dto';

const FAILED: AttemptDto = {
  at: '2026-11-22T09:14:02.702Z',
  status: 500,
  latencyMs: 38,
  error: 'the receiver answered 500',
  response: '{"error": "maintenance"}',
};

export const DELIVERY: DeliveryDto = {
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
export const RETRIED_DELIVERY: DeliveryDto = {
  ...DELIVERY,
  status: 'pending',
  attempts: [FAILED],
  nextAttemptAt: '2026-11-22T10:03:41.120Z',
};

export const DELIVERY_PAGE: DeliveryPageDto = { data: [DELIVERY], nextCursor: encodeCursor(DELIVERY.id) };

export const TEST_RESULT: TestResultDto = { status: 204, latencyMs: 41, error: null };

export const RECOVERED: RecoveredDto = { count: 12 };
