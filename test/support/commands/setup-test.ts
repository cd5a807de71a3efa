import { runSetup } from '../../../src/commands/setup/run-setup';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { PUSH, startLocalGoogle } from '../program/local-setup';
import { adminKeyFile } from './admin-key';
import { callCommand } from './call-command';

export const PUBLIC_URL = 'https://mail.example.com';

export interface SetupDocument {
  status: string;
  steps: { name: string; status: string; detail: string; remedy: string | null }[];
  todo: { title: string; url: string }[];
}

type More = Record<string, string | undefined>;

/** A project of the local Google, new for each test, and `setup` in this process. */
export function startSetupTest() {
  const test = {
    key: { path: '' } as Awaited<ReturnType<typeof adminKeyFile>>,
    google: undefined as unknown as LocalGoogle,
    settings: () => ({
      PUBSUB_TOPIC: PUSH.topic,
      PUBSUB_SUBSCRIPTION: PUSH.subscription,
      PUBSUB_PUSH_SERVICE_ACCOUNT: PUSH.serviceAccount,
      PUBLIC_URL,
      GOOGLE_ORIGIN: test.google.origin,
      GOOGLE_APPLICATION_CREDENTIALS: test.key.path,
    }),
    setup: (options: object = {}, more: More = {}) =>
      callCommand(runSetup, options, { ...test.settings(), ...more }),
    setupJson: async (options: object = {}, more: More = {}) => {
      const { status, stdout } = await test.setup({ ...options, json: true }, more);
      const document = JSON.parse(stdout) as SetupDocument;
      const steps = Object.fromEntries(document.steps.map((step) => [step.name, step]));
      return { status, document, steps, statuses: document.steps.map((step) => step.status) };
    },
    body: (name: string) => test.google.project.find(name)!.body,
    bindings: (name: string) => test.google.project.find(name)!.policy.bindings,
    agent: () => `serviceAccount:service-${test.google.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com`,
  };
  beforeAll(async () => void (test.key = await adminKeyFile()));
  afterAll(() => test.key.remove());
  beforeEach(async () => void (test.google = await startLocalGoogle()));
  afterEach(() => test.google.stop());
  return test;
}
