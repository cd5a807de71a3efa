import { CloudProject } from './admin/cloud-project';
import { GoogleClock } from './clock';
import { Faults } from './faults';
import { Quota } from './gmail/quota';
import { KeyRing } from './keys/key-ring';
import { MailboxBook } from './mailbox/mailbox-book';
import { MailboxEditor } from './mailbox/mailbox-editor';
import { MessageFactory } from './mailbox/mail-input';
import { Notifications } from './mailbox/notifications';
import { AuthorizationCodes } from './oauth/authorization-codes';
import type { ClientSettings } from './oauth/authorization-request';
import type { Grant } from './oauth/grant';
import { GrantBook } from './oauth/grant-book';
import { ServiceAccounts } from './oauth/service-accounts';
import { PushSubscription } from './pubsub/push-subscription';
import { Topics } from './pubsub/topics';
import { RequestLog } from './request-log';
import { SeededRandom } from './seeded-random';
import { defaultSwitches, type Switches } from './switches';

/** Everything that the local Google knows. The handlers read and change it; it knows nothing of HTTP. */
export class GoogleState {
  readonly clock: GoogleClock;
  readonly switches: Switches = defaultSwitches();
  readonly faults = new Faults();
  readonly log = new RequestLog();
  readonly keys = new KeyRing();
  readonly topics = new Topics();
  /** Access tokens of those who administer the project. */
  readonly adminTokens = new Set<string>();
  readonly project: CloudProject;
  readonly refreshing = new Set<Grant>();
  readonly random: SeededRandom;
  readonly quota: Quota;
  readonly grants: GrantBook;
  readonly codes: AuthorizationCodes;
  readonly serviceAccounts: ServiceAccounts;
  readonly mailboxes: MailboxBook;
  readonly messages: MessageFactory;
  readonly notifications: Notifications;
  readonly editor: MailboxEditor;

  constructor(
    readonly client: ClientSettings,
    readonly projectId: string,
    seed: number,
    projectNumber = '123456789012',
    /** Another project, which has to do with the same mailboxes. */
    beside?: GoogleState,
  ) {
    this.clock = beside?.clock ?? new GoogleClock();
    this.project = new CloudProject(projectId, projectNumber, this.topics, (settings) =>
      this.topics.subscribe(new PushSubscription(settings, this)),
    );
    this.project.enableAll();
    this.random = new SeededRandom(seed);
    this.quota = new Quota(this.clock);
    this.grants = new GrantBook(this.clock);
    this.codes = new AuthorizationCodes(this.clock);
    this.serviceAccounts = new ServiceAccounts(projectId);
    this.mailboxes = beside?.mailboxes ?? new MailboxBook(this.clock, this.random);
    this.messages = beside?.messages ?? new MessageFactory(this.clock, this.random);
    this.notifications = new Notifications(projectId, this.clock, this.topics, this.switches);
    this.editor = beside?.editor ?? new MailboxEditor();
    this.editor.notifications.push(this.notifications);
  }
}
