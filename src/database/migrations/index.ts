import { FirstTables1790000000000 } from './1790000000000-first-tables';
import { FaultsOfWatchesAndRecords1790000001000 } from './1790000001000-faults-of-watches-and-records';
import { ToldMessages1790000016000 } from './1790000016000-told-messages';
import { MissedEvents1790000017000 } from './1790000017000-missed-events';

/** Every migration, oldest first. Named here and not found by a glob, so that a build cannot lose one. */
export const MIGRATIONS = [
  FirstTables1790000000000,
  FaultsOfWatchesAndRecords1790000001000,
  ToldMessages1790000016000,
  MissedEvents1790000017000,
];
