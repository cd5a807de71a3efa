import { json, type HttpResponse } from '../http/exchange';

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** A refusal in the shape of Google's APIs: https://google.aip.dev/193 */
export class AdminError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = STATUS[code] ?? 'UNKNOWN',
    readonly details: readonly object[] = [],
  ) {
    super(message);
  }

  toResponse(): HttpResponse {
    return json(this.code, adminErrorBody(this.code, this.message, this.status, this.details));
  }
}

export function adminErrorBody(
  code: number,
  message = 'The caller does not have permission',
  status = STATUS[code] ?? 'UNKNOWN',
  details: readonly object[] = [],
): object {
  return { error: { code, message, status, ...(details.length > 0 && { details }) } };
}

export function errorInfo(reason: string, metadata: Record<string, string>): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
}

export function missing(resource: string): AdminError {
  return new AdminError(404, `Resource not found (resource=${resource.split('/').at(-1)}).`);
}
