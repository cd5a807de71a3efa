/**
 * Every error code. A new one is one line here, and a row in docs/api.md if it can be the code of a response.
 *
 * With a code that has a status and a title, an error becomes a response. One of `null` never leaves as a response (there it
 * is `internal_error`): it stands in the log, in a `lastError`, or decides what happens next.
 */
export const ERROR_CODES = {
  validation_failed: [400, 'The request is not valid'],
  malformed_body: [400, 'The body cannot be read'],
  malformed_path: [400, 'The path cannot be read'],
  malformed_request: [400, 'The request cannot be read'],
  endpoint_url_forbidden: [400, 'The endpoint URL is not allowed'],
  unauthorized: [401, 'Authentication is required'],
  insufficient_scope: [403, 'The grant does not allow this'],
  missing_scope: [403, 'The API key lacks a scope'],
  forbidden_origin: [403, 'The request comes from another site'],
  forbidden_subscription: [403, 'The push is not for this service'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed here'],
  request_timeout: [408, 'The request took too long'],
  mailbox_not_active: [409, 'The mailbox is not active'],
  delegation_not_configured: [409, 'Delegation is not configured'],
  delivery_not_dead: [409, 'The delivery is not dead'],
  endpoint_disabled: [409, 'The endpoint is disabled'],
  too_many_secrets: [409, 'Too many secrets sign at once'],
  idempotency_key_reused: [409, 'The idempotency key came with another request'],
  idempotency_key_in_use: [409, 'The request is still being answered'],
  busy: [409, 'Busy with the same thing'],
  cursor_expired: [410, 'The cursor has expired'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The media type is not supported'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  client_gone: [499, 'The client is gone'],
  internal_error: [500, 'Something went wrong on our side'],
  google_refused: [502, 'Google refused'],
  delegation_denied: [502, 'The service account may not act for this domain'],
  mail_service_not_enabled: [502, 'The account has no Gmail'],
  service_account_refused: [502, 'Google does not accept the service account'],
  user_not_found: [502, 'There is no such user'],
  google_unavailable: [503, 'Google is unavailable'],
  grant_unreadable: [503, 'The grant cannot be read'],
  endpoint_secret_unreadable: [503, 'The signing secret cannot be read'],
  unavailable: [503, 'Unavailable for the moment'],

  // Of Gmail and Google's token endpoint.
  access_denied: null,
  admin_policy_enforced: null,
  gmail_api_not_enabled: null,
  gmail_unavailable: null,
  gmail_not_found: null,
  gmail_refused: null,
  grant_dead: null,
  id_token_invalid: null,
  invalid_scope: null,
  label_invalid: null,
  label_missing: null,
  message_unreadable: null,
  oauth_client_deleted: null,
  oauth_client_disabled: null,
  oauth_client_invalid: null,
  oauth_client_unauthorized: null,
  org_internal: null,
  other_watch_client: null,
  redirect_uri_mismatch: null,
  token_endpoint_unavailable: null,
  token_refused: null,
  token_rejected: null,
  topic_invalid: null,
  topic_permission_denied: null,

  // Of receivers.
  attempt_timeout: null,
  connection_went_stale: null,
  name_not_found: null,
  name_server_silent: null,
  publish_failed: null,

  // Of the start and the database.
  cannot_listen: null,
  database_unusable: null,
  embedded_postgres_failed: null,
  embedded_postgres_missing: null,
  migration_failed: null,
  undecipherable: null,
} as const satisfies Record<string, readonly [status: number, title: string] | null>;

/** A code that is not in the list does not compile. */
export type ErrorCode = keyof typeof ERROR_CODES;
