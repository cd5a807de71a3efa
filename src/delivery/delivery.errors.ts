import { InboxwireError } from '../common/inboxwire.error';

/** What is delivered is not tried again by hand: a replay brings it again. */
export class DeliveryNotDeadError extends InboxwireError {
  constructor({ id, status }: { id: string; status: string }) {
    super(
      'delivery_not_dead',
      `${id} is ${status}. Only a dead or a pending delivery can be tried again; a replay brings everything again.`,
    );
  }
}

/** Nothing is tried at an endpoint that is disabled. */
export class EndpointDisabledError extends InboxwireError {
  constructor({ id, disabledReason }: { id: string; disabledReason: string | null }) {
    const reason = disabledReason === null ? '' : ` (${disabledReason})`;
    super(
      'endpoint_disabled',
      `Endpoint ${id} is disabled${reason}. Enable it first: PATCH /v1/endpoints/${id} with {"status": "enabled"}.`,
    );
  }
}

/** None of an endpoint's secrets, or its headers, can be decrypted: nothing can be sent to it until the key is back. */
export class EndpointSecretUnreadableError extends InboxwireError {
  constructor(endpointId: string, cause: unknown, what = 'The signing secret') {
    super(
      'endpoint_secret_unreadable',
      `${what} of endpoint ${endpointId} cannot be read: put the missing key back into ENCRYPTION_KEYS.`,
      { retryable: true, cause },
    );
  }
}

/** The receiver had not finished its answer in time. */
export class AttemptTimeoutError extends InboxwireError {
  constructor(timeout: number) {
    super('attempt_timeout', `no complete answer within ${timeout / 1_000} s`, { retryable: true });
  }
}

/** Pub/Sub did not acknowledge what was published to the topic of an endpoint. */
export class PublishFailedError extends InboxwireError {
  constructor(status: string, remedy: string) {
    super('publish_failed', `${remedy} (${status})`, { retryable: true });
  }
}

/** The receiver lives, or has moved to, where Inboxwire does not connect. */
export class ForbiddenAddressError extends InboxwireError {
  constructor(host: string) {
    super(
      'endpoint_url_forbidden',
      `${host} is on a loopback, private or otherwise internal address. Set ALLOW_PRIVATE_ENDPOINTS=true if that is meant.`,
    );
  }
}

/** DNS says that the name has no address. */
export class NameNotFoundError extends InboxwireError {
  constructor(host: string) {
    super('name_not_found', `DNS knows no address of ${host}: check the host of the endpoint's URL`, {
      retryable: true,
    });
  }
}

/** No name server has answered, or none of their answers decides. */
export class NameServerSilentError extends InboxwireError {
  constructor(host: string) {
    super('name_server_silent', `the name servers gave no answer for ${host}: check the DNS of that name`, {
      retryable: true,
    });
  }
}

/** Interim responses (1xx), or whatever else came before an answer, did not come to an end. */
export class EndlessAnswerError extends InboxwireError {
  constructor() {
    super(
      'answer_endless',
      'the receiver sent 256 KB and did not come to the end of its headers: see what is in front of it',
      {
        retryable: true,
      },
    );
  }
}

/** A kept-alive connection was closed before the first byte of an answer: the request has failed without an attempt. */
export class StaleConnectionError extends InboxwireError {
  constructor(cause: unknown) {
    super('connection_went_stale', 'the receiver had closed its kept-alive connection', {
      retryable: true,
      cause,
    });
  }
}

/** Each secret adds a signature to every request, and receivers refuse headers that are too large. */
export class TooManySecretsError extends InboxwireError {
  /** @param until when the oldest of them ends by itself */
  constructor(most: number, until: Date) {
    super(
      'too_many_secrets',
      `${most} secrets sign already, the oldest until ${until.toISOString()}. Wait until then, or end it now with {"force": true}.`,
    );
  }
}

/** What has become of an attempt could not be recorded: the attempt is made again when its claim has run out. */
export class DeliveryLockedError extends InboxwireError {
  constructor() {
    super(
      'unavailable',
      'Another session holds the row of this delivery or of its cursor. Look for long transactions in pg_stat_activity.',
      { retryable: true },
    );
  }
}
