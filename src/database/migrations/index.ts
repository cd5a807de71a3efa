import { FirstTables1790000000000 } from './1790000000000-first-tables';
import { MailboxSnapshots1790000002000 } from './1790000002000-mailbox-snapshots';

/** Every migration, oldest first. Named here and not found by a glob, so that a build cannot lose one. */
export const MIGRATIONS = [FirstTables1790000000000, MailboxSnapshots1790000002000];
