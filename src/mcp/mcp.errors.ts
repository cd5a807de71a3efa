import { InboxwireError } from '../common/inboxwire.error';

/** A page of another site calls, by way of somebody's browser: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning */
export class ForbiddenOriginError extends InboxwireError {
  constructor(allowed: string) {
    super(
      'forbidden_origin',
      `Pages of other sites may not call this: send no \`Origin\`, as programs do, or ${allowed}.`,
    );
  }
}
