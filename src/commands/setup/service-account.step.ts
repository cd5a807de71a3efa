import { GoogleApiError } from '../../google-project/google-api.error';
import { change, StepError, type SetupStep } from './setup-step';

const IN_PROJECT = /^([a-z0-9-]+)@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/;

/** It gives pushes an identity, and needs no role. */
export const SERVICE_ACCOUNT_STEP: SetupStep = {
  name: 'service-account',
  needs: [],
  run: async (context) => {
    const { api, plan } = context;
    const email = plan.serviceAccount;
    if (plan.delivery === 'pull') return { status: 'ok', detail: 'none is needed: nothing is pushed' };
    const [, accountId, project = plan.project] = IN_PROJECT.exec(email!) ?? [];
    const accounts = `https://iam.googleapis.com/v1/projects/${project}/serviceAccounts`;
    const found = await api.find<{ disabled?: boolean }>(`${accounts}/${email}`, 'iam.serviceAccounts.get');
    if (found?.disabled)
      throw new StepError(
        `${email} is disabled.`,
        `Enable it: gcloud iam service-accounts enable ${email} --project=${project}`,
      );
    if (found !== undefined) return { status: 'ok', detail: email! };
    if (accountId === undefined)
      throw new StepError(
        `${email} does not exist, and an account of that name cannot be made.`,
        `Set PUBSUB_PUSH_SERVICE_ACCOUNT to an account of the project, such as pubsub-push@${plan.project}.iam.gserviceaccount.com`,
      );
    return change(context, 'created', email!, async () => {
      const body = { accountId, serviceAccount: { displayName: 'Signs Pub/Sub pushes to Inboxwire' } };
      try {
        await api.call({ method: 'POST', url: accounts, body, permission: 'iam.serviceAccounts.create' });
      } catch (error) {
        if (!(error instanceof GoogleApiError && error.status === 409)) throw error;
      }
    });
  },
};
