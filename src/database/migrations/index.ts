import { FirstTables1790000000000 } from './1790000000000-first-tables';
import { FaultsOfWatchesAndRecords1790000001000 } from './1790000001000-faults-of-watches-and-records';
import { DeliveryRecords1790000010000 } from './1790000010000-delivery-records';

/** Every migration, oldest first. Named here and not found by a glob, so that a build cannot lose one. */
export const MIGRATIONS = [
  FirstTables1790000000000,
  FaultsOfWatchesAndRecords1790000001000,
  DeliveryRecords1790000010000,
];
