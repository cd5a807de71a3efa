/** What Google says of a refusal, beside its sentence. */
interface ErrorDetail {
  reason?: string;
  metadata?: Record<string, string>;
  violations?: { type?: string }[];
}

interface ErrorBody {
  error?: { message?: string; status?: string; details?: ErrorDetail[] };
}

/** A permission, and the role that has it and little more. */
export interface Permission {
  permission: string;
  role: string;
}

/** Roles by the beginning of a permission: the first that fits. */
const ROLES: readonly (readonly [prefix: string, role: string])[] = [
  ['iam.serviceAccounts.actAs', 'roles/iam.serviceAccountUser'],
  ['iam.serviceAccounts.', 'roles/iam.serviceAccountAdmin'],
  ['serviceusage.services.use', 'roles/serviceusage.serviceUsageConsumer'],
  ['serviceusage.', 'roles/serviceusage.serviceUsageAdmin'],
  ['resourcemanager.projects.get', 'roles/browser'],
  ['resourcemanager.', 'roles/resourcemanager.projectIamAdmin'],
  ['pubsub.', 'roles/pubsub.admin'],
];

const PERMISSION = /\b(?:iam|pubsub|serviceusage|resourcemanager)(?:\.[a-zA-Z]+){2}\b/;

export function roleWith(permission: string): string {
  return ROLES.find(([prefix]) => permission.startsWith(prefix))?.[1] ?? 'roles/owner';
}

/** A refusal of Google's administration, with what the call needed. */
export class GoogleApiError extends Error {
  /** `PERMISSION_DENIED`, `FAILED_PRECONDITION`, … */
  readonly code: string;
  /** `SERVICE_DISABLED`, `IAM_PERMISSION_DENIED`, …; often missing. */
  readonly reason: string | undefined;
  /** The API that is not enabled, when that is it. */
  readonly disabledService: string | undefined;
  /** What the caller lacks, when it is that: as Google names it, else what the call is known to need. */
  readonly lacks: Permission | undefined;

  constructor(
    readonly status: number,
    body: unknown,
    needed: string,
  ) {
    const { message, status: code, details = [] } = (body as ErrorBody | undefined)?.error ?? {};
    super(message ?? `Google answered ${status}.`);
    this.code = code ?? String(status);
    const detail = details.find(({ reason }) => reason !== undefined);
    this.reason = detail?.reason;
    const isDisabled =
      this.reason === 'SERVICE_DISABLED' || /has not been used in project|it is disabled/.test(this.message);
    this.disabledService = isDisabled ? (detail?.metadata?.service ?? serviceIn(this.message)) : undefined;
    if (status !== 403 || isDisabled) return;
    const permission = detail?.metadata?.permission ?? PERMISSION.exec(this.message)?.[0] ?? needed;
    this.lacks = { permission, role: roleWith(permission) };
  }

  /** A principal that was made a moment ago is not known everywhere yet, or there is none of that name. */
  get isUnknownPrincipal(): boolean {
    return (
      (this.status === 400 || this.status === 404) &&
      /service account .*does not exist|not found/i.test(this.message)
    );
  }

  /** The organisation lets nobody from outside in: `constraints/iam.allowedPolicyMemberDomains`. */
  get isDomainRestricted(): boolean {
    return /permitted customer|allowedPolicyMemberDomains|organization policy/i.test(this.message);
  }
}

function serviceIn(message: string): string | undefined {
  return /\b[a-z]+\.googleapis\.com\b/.exec(message)?.[0];
}
