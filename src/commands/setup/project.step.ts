import { StepError, type SetupStep } from './setup-step';

/** The number of the project is in the name of Pub/Sub's own agent. */
export const PROJECT_STEP: SetupStep = {
  name: 'project',
  needs: [],
  run: async (context) => {
    const { api, plan } = context;
    const url = `https://cloudresourcemanager.googleapis.com/v1/projects/${plan.subscriptionProject}`;
    const project = await api.find<{ projectNumber?: string }>(url, 'resourcemanager.projects.get');
    if (project === undefined && context.dryRun)
      return { status: 'ok', detail: 'its number is known once Resource Manager is enabled' };
    if (project?.projectNumber === undefined)
      throw new StepError(
        `There is no project ${plan.subscriptionProject}.`,
        'Correct the project in PUBSUB_TOPIC and PUBSUB_SUBSCRIPTION: its id, not its name.',
      );
    context.projectNumber = project.projectNumber;
    return { status: 'ok', detail: `${plan.subscriptionProject} has the number ${project.projectNumber}` };
  },
};
