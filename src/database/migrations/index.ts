import { FirstTables1790000000000 } from './1790000000000-first-tables';
import { FaultsOfWatchesAndRecords1790000001000 } from './1790000001000-faults-of-watches-and-records';
import { MailboxSnapshots1790000002000 } from './1790000002000-mailbox-snapshots';
import { AttemptsAtRecords1790000003000 } from './1790000003000-attempts-at-records';
import { GmailBudgets1790000004000 } from './1790000004000-gmail-budgets';
import { DeliveryRecords1790000010000 } from './1790000010000-delivery-records';
import { VersionsOfGrants1790000012000 } from './1790000012000-versions-of-grants';
import { ToldMessages1790000016000 } from './1790000016000-told-messages';
import { MissedEvents1790000017000 } from './1790000017000-missed-events';
import { ApiKeys1790000020000 } from './1790000020000-api-keys';
import { IdempotencyKeys1790000021000 } from './1790000021000-idempotency-keys';
import { MarksOfNotifications1790000022000 } from './1790000022000-marks-of-notifications';
import { SuspectsOfRepairs1790000023000 } from './1790000023000-suspects-of-repairs';
import { SizesOfEvents1790000024000 } from './1790000024000-sizes-of-events';

/** Every migration, oldest first. Named here and not found by a glob, so that a build cannot lose one. */
export const MIGRATIONS = [
  FirstTables1790000000000,
  FaultsOfWatchesAndRecords1790000001000,
  MailboxSnapshots1790000002000,
  AttemptsAtRecords1790000003000,
  GmailBudgets1790000004000,
  DeliveryRecords1790000010000,
  VersionsOfGrants1790000012000,
  ToldMessages1790000016000,
  MissedEvents1790000017000,
  ApiKeys1790000020000,
  IdempotencyKeys1790000021000,
  MarksOfNotifications1790000022000,
  SuspectsOfRepairs1790000023000,
  SizesOfEvents1790000024000,
];
