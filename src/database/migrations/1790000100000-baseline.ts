import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ACCESS_TABLES } from './baseline/access.tables';
import { AUTH_TABLES } from './baseline/auth.tables';
import { CONNECTION_TABLES } from './baseline/connection.tables';
import { CONSOLE_TABLES } from './baseline/console.tables';
import { DATABASE_TABLES } from './baseline/database.tables';
import { DELIVERY_TABLES } from './baseline/delivery.tables';
import { EVENT_TABLES } from './baseline/event.tables';
import { GMAIL_TABLES } from './baseline/gmail.tables';
import { MAILBOX_TABLES } from './baseline/mailbox.tables';
import type { ModuleTables } from './baseline/module-tables';
import { STATS_TABLES } from './baseline/stats.tables';
import { SYNC_TABLES } from './baseline/sync.tables';
import { WATCH_TABLES } from './baseline/watch.tables';

/** In the order in which they are made: each refers only to those before it. */
const MODULES: readonly ModuleTables[] = [
  MAILBOX_TABLES,
  AUTH_TABLES,
  CONNECTION_TABLES,
  WATCH_TABLES,
  SYNC_TABLES,
  EVENT_TABLES,
  DELIVERY_TABLES,
  GMAIL_TABLES,
  ACCESS_TABLES,
  STATS_TABLES,
  CONSOLE_TABLES,
  DATABASE_TABLES,
];

/** Later than every migration from before the first release, by which `foreignMigrations` knows those. */
export const BASELINE_TIMESTAMP = 1790000100000;

/**
 * Whoever changes the tables before the first release changes this, and with it the migration's name: a database that was
 * made with other tables is then refused, and not worked on. The first release freezes the name.
 */
const FINGERPRINT = createHash('sha256')
  .update(MODULES.map(({ create }) => create.replace(/--.*/g, '').replace(/\s+/g, ' ')).join())
  .digest('hex')
  .slice(0, 8);

/**
 * All tables of the first release. It may be rewritten until that release is tagged; from then on migrations only add
 * (docs/decisions/0013-old-programs-on-newer-databases.md).
 */
export class Baseline implements MigrationInterface {
  readonly name = `Baseline_${FINGERPRINT}_${BASELINE_TIMESTAMP}`;

  async up(runner: QueryRunner): Promise<void> {
    for (const { create } of MODULES) await runner.query(create);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { drop } of [...MODULES].reverse()) await runner.query(drop);
  }
}
