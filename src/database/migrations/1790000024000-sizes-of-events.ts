import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How large the data of an event is, so that a page of the log is cut to its size without reading what is not on it. Null
 * in events that were appended before, and by programs that do not know it: those are measured when they are read.
 */
export class SizesOfEvents1790000024000 implements MigrationInterface {
  readonly name = 'SizesOfEvents1790000024000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE events ADD COLUMN bytes integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE events DROP COLUMN bytes');
  }
}
