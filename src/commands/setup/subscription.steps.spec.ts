import { readPlan } from '../../google-project/plan-settings';
import type { SetupContext } from './setup-step';
import { SUBSCRIPTION_STEP } from './subscription.steps';

const SETTINGS = {
  PUBSUB_TOPIC: 'projects/p/topics/gmail',
  PUBSUB_SUBSCRIPTION: 'projects/p/subscriptions/gmail-push',
  PUBSUB_PUSH_SERVICE_ACCOUNT: 'push@p.iam.gserviceaccount.com',
};

const planOf = (more: Record<string, string | undefined> = {}) => readPlan({ ...SETTINGS, ...more }).plan!;

describe('the subscription of setup', () => {
  it('is not made where PUBLIC_URL is no https address, which Pub/Sub would refuse', async () => {
    const context = { plan: planOf(), dryRun: true } as SetupContext;
    await expect(SUBSCRIPTION_STEP.run(context)).rejects.toMatchObject({
      message: 'Pub/Sub pushes to https only, and PUBLIC_URL is http://localhost:3000.',
      remedy: expect.stringContaining('PUBSUB_DELIVERY=pull'),
    });
  });

  it.each([
    { PUBLIC_URL: 'https://mail.example.com' },
    { PUBSUB_DELIVERY: 'pull' },
    { GOOGLE_ORIGIN: 'http://127.0.0.1:4010' },
  ])('may be made with %j', (settings) => {
    expect(planOf(settings).isEndpointAccepted).toBe(true);
  });
});
