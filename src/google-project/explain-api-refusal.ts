import { describeError } from '../common/describe-error';
import { sentence } from '../common/sentence';
import { OUT_OF_REACH_REMEDY } from './application-default-credentials';
import { GoogleApiError } from './google-api.error';

/** What went wrong, in a sentence, and what to do about it. */
export interface Explanation {
  detail: string;
  remedy: string;
}

/** @param project in whose console the remedy is found */
export function explainRefusal(error: unknown, project: string): Explanation {
  if (!(error instanceof GoogleApiError))
    return {
      detail: `Google is out of reach: ${describeError(error)}`,
      remedy: OUT_OF_REACH_REMEDY,
    };
  return { detail: sentence(error.message), remedy: remedyOf(error, project) };
}

function remedyOf(error: GoogleApiError, project: string): string {
  const { lacks, disabledService } = error;
  if (disabledService !== undefined)
    return `Enable ${disabledService}: https://console.cloud.google.com/apis/library/${disabledService}?project=${project}`;
  if (lacks !== undefined)
    return (
      `The credentials lack the permission ${lacks.permission}, which ${lacks.role} has: ` +
      `gcloud projects add-iam-policy-binding ${project} --member=… --role=${lacks.role}`
    );
  if (error.isDomainRestricted)
    return (
      'The organisation restricts sharing by domain (constraints/iam.allowedPolicyMemberDomains). Let an administrator lift it for ' +
      `this project while the right is given: https://console.cloud.google.com/iam-admin/orgpolicies/iam-allowedPolicyMemberDomains?project=${project}`
    );
  if (error.isUnknownPrincipal)
    return (
      'Google made it a moment ago, or has not made it yet. Run it again in a minute; for the agent of Pub/Sub: ' +
      `gcloud beta services identity create --service=pubsub.googleapis.com --project=${project}`
    );
  return 'Correct what Google says, and run it again.';
}
