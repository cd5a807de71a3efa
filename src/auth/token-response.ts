import { GrantDeadError, TokenEndpointUnavailableError, TokenRefusedError } from './auth.errors';
import { explainDeadGrant, SESSION_CONTROL } from './explain-dead-grant';
import { isRefusal } from './explain-token-refusal';
import type { IssuedTokens } from './grant.types';

/** An answer of one of Google's OAuth endpoints, whatever it is. */
export interface OauthResponse {
  status: number;
  body: string;
}

/** A date can hold it, and no access token lives longer. */
const MAX_LIFETIME_SECONDS = 24 * 3_600;

/**
 * Reads the answer of the token endpoint.
 *
 * @param asked the scopes that hold when the answer names none (RFC 6749, 5.1)
 * @throws GrantDeadError for `invalid_grant` and nothing else; TokenRefusedError; TokenEndpointUnavailableError for the rest
 */
export function readTokens(
  answer: OauthResponse,
  asked: string[],
  now: Date,
): IssuedTokens & { idToken: string | undefined } {
  const fields = parse(answer.body);
  if (answer.status !== 200) throw refusal(answer.status, fields, now);
  const { access_token, refresh_token, scope, id_token } = fields;
  const lifetime = Number(fields.expires_in);
  if (!isText(access_token) || !(lifetime > 0))
    throw new TokenEndpointUnavailableError(new Error('Google answered 200 without a usable access token'));
  return {
    accessToken: access_token,
    accessTokenExpiresAt: new Date(now.getTime() + Math.min(lifetime, MAX_LIFETIME_SECONDS) * 1_000),
    refreshToken: isText(refresh_token) ? refresh_token : undefined,
    scopes: isText(scope) ? scope.split(' ').filter(Boolean) : asked,
    idToken: isText(id_token) ? id_token : undefined,
  };
}

/** The subtypes of `invalid_grant` by which Google asks for a new sign-in (RAPT: a reauthentication proof token). */
const SESSION_CONTROL_SUBTYPES: ReadonlySet<unknown> = new Set(['invalid_rapt', 'rapt_required']);

/**
 * Whether the answer of the revocation endpoint means that the grant is gone: now, or before already. Google says `{}`. A page
 * with 200 comes from whoever stands between, and then the grant lives.
 */
export function isRevoked(answer: OauthResponse): boolean {
  if (answer.status === 200) return !answer.body.trimStart().startsWith('<');
  return isVerdict(answer.status) && /^invalid_(token|grant)$/.test(String(parse(answer.body).error));
}

/** Only these carry the errors of OAuth (RFC 6749, 5.2): a rate limit or an outage may repeat the words and mean neither. */
function isVerdict(status: number): boolean {
  return status === 400 || status === 401;
}

/** The word of OAuth by which an answer refuses for as long as nobody acts, if it does, and what Google adds to it. */
export function refusalOf({ status, body }: OauthResponse): {
  error: string | undefined;
  description: string;
} {
  const { error, error_description: description } = parse(body);
  const refuses = (isVerdict(status) || status === 403) && isRefusal(error);
  return { error: refuses ? error : undefined, description: isText(description) ? description : '' };
}

/** What an answer says of a failure. Only words of the protocol are taken from it: bodies can echo secrets. */
export function describeRefusal({ status, body }: OauthResponse): Error {
  return describe(status, parse(body));
}

function refusal(status: number, fields: Record<string, unknown>, now: Date): Error {
  const said = describe(status, fields);
  if (isVerdict(status) && fields.error === 'invalid_grant')
    return SESSION_CONTROL_SUBTYPES.has(fields.error_subtype)
      ? new GrantDeadError('invalid_rapt', SESSION_CONTROL, said)
      : new GrantDeadError('invalid_grant', explainDeadGrant(null, now), said);
  // Google says some of them with 403. There `invalid_grant` ends no grant: a company's proxy refuses with 403 too.
  if ((isVerdict(status) || status === 403) && isRefusal(fields.error))
    return new TokenRefusedError(fields.error, said);
  return new TokenEndpointUnavailableError(said);
}

function describe(status: number, { error, error_subtype }: Record<string, unknown>): Error {
  const words = [error, error_subtype].filter((word) => isText(word) && /^[a-z_]{1,64}$/.test(word));
  return new Error(['Google answered', status, ...words].join(' '));
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
