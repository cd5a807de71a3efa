import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '../common/error-codes';

/** A name and no address: it stands for the code wherever the service runs. */
const PROBLEM_TYPE = 'urn:inboxwire:problem:';

const INTERNAL_DETAIL = 'The error was logged under this request id. Trying again later may help.';

/** Every code that a response may carry. docs/api.md lists them. */
export const PROBLEM_CODES = Object.entries(ERROR_CODES).flatMap(([code, shown]) => (shown ? code : []));

/** The ids that the examples of the API's description use, so that they belong together. */
export const EXAMPLE_ID = {
  mailbox: 'mbx_01h455vb4pex5vsknk084sn02q',
  event: 'evt_01h456c7jaf3c8rkhq5mn2wxyz',
  endpoint: 'end_01h4563v8wfz1sbn4x7d9m5k3p',
  delivery: 'dlv_01h456c7jaf3c8rkhq5mn2wxyz01h4563v8wfz1sbn4x7d9m5k3p',
  connectSession: 'cns_01h455tq6hf9a8d2b1w0c7e5gz',
  apiKey: 'key_01h455rmv2e9tbkp3xq6n8s4wd',
  /** As Gmail has them. */
  message: '193069c43a8c3b7c',
  attachment: 'ANGjdJ8wL2x5TqkQ',
} as const;

@ApiSchema({ name: 'ProblemDetail', description: 'A fault of a request' })
export class ProblemDetail {
  @ApiProperty({
    example: 'labelIds.0',
    description: 'Where in the request; empty for one that concerns the whole body',
  })
  path!: string;

  @ApiProperty({ example: 'each value in labelIds must be a string' })
  message!: string;
}

/** An error in the form of RFC 9457, with a stable `code`. */
@ApiSchema({ name: 'Problem', description: 'An error in the form of RFC 9457, with a stable `code`' })
export class Problem {
  @ApiProperty({ format: 'uri', example: 'urn:inboxwire:problem:not_found' })
  type!: string;

  @ApiProperty({ example: 'Not found', description: 'What the `code` means' })
  title!: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 404 })
  status!: number;

  @ApiProperty({ description: 'What happened, and what to do about it' })
  detail!: string;

  @ApiProperty({ enum: PROBLEM_CODES, example: 'not_found', description: 'Stable and machine-readable' })
  code!: ErrorCode;

  @ApiProperty({ format: 'uuid', description: 'Names this request in the logs' })
  requestId!: string;

  @ApiPropertyOptional({ type: [ProblemDetail], description: 'For a 400: every fault of the request' })
  errors?: ProblemDetail[];

  @ApiPropertyOptional({
    example: EXAMPLE_ID.event,
    description: 'For `cursor_expired`: the oldest event left, if there is one',
  })
  oldestEventId?: string;

  @ApiPropertyOptional({
    example: 'write',
    description: 'For `missing_scope`: the scope that the request needs',
  })
  requiredScope?: string;
}

/** Builds the response for a code. A code that is not for the outside says nothing of what went wrong inside. */
export function problem(
  code: ErrorCode,
  detail: string,
  requestId: string,
  errors?: ProblemDetail[],
): Problem {
  const shown = code !== 'internal_error' && ERROR_CODES[code] !== null ? code : 'internal_error';
  const [status, title] = ERROR_CODES[shown]!;
  // Every 400 lists its faults; one that concerns the whole body has no path.
  const faults = errors ?? (status === 400 ? [{ path: '', message: detail }] : undefined);
  return {
    type: `${PROBLEM_TYPE}${shown}`,
    title,
    status,
    detail: shown === 'internal_error' ? INTERNAL_DETAIL : detail,
    code: shown,
    requestId,
    ...(faults && { errors: faults }),
  };
}
