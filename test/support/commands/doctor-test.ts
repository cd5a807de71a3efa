import { runDoctor } from '../../../src/commands/doctor/run-doctor';
import { runSetup } from '../../../src/commands/setup/run-setup';
import { eventually } from '../eventually';
import { createTestApp, type TestApp } from '../test-app';
import { adminKeyFile } from './admin-key';
import { callCommand } from './call-command';

const NUMBER = '123456789012';

export interface DoctorDocument {
  status: string;
  checks: { name: string; status: string; detail: string; remedy: string | null }[];
}

type More = Record<string, string | undefined>;

/** A service that works in a project that is set up, with one mailbox, and `doctor` in this process. */
export function startDoctorTest() {
  let key: Awaited<ReturnType<typeof adminKeyFile>>;
  const test = {
    app: undefined as unknown as TestApp,
    mailboxId: '',
    settings: (more: More = {}) => ({
      ...test.app.environment,
      GOOGLE_CLIENT_ID: `${NUMBER}-x.apps.googleusercontent.com`,
      GOOGLE_APPLICATION_CREDENTIALS: key.path,
      ...more,
    }),
    doctor: async (more: More = {}, options: object = {}) => {
      const { status, stdout } = await callCommand(
        runDoctor,
        { json: true, ...options },
        test.settings(more),
      );
      const document = JSON.parse(stdout) as DoctorDocument;
      return {
        status,
        document,
        by: Object.fromEntries(document.checks.map((check) => [check.name, check])),
      };
    },
    body: (name: string) => test.app.google.project.find(name)!.body,
  };
  beforeAll(async () => {
    [key, test.app] = await Promise.all([adminKeyFile(), createTestApp()]);
    await callCommand(runSetup, {}, test.settings());
    test.mailboxId = (await test.app.connect('ada@example.com')).id;
    const mailbox = () => test.app.api.get(`/v1/mailboxes/${test.mailboxId}`);
    await eventually(async () => (await mailbox()).sync.lastNotificationAt !== null);
  });
  afterAll(async () => {
    await test.app?.close();
    await key?.remove();
  });
  return test;
}
