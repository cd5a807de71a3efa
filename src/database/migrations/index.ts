import { Baseline } from './1790000100000-baseline';

/** Every migration, oldest first. Named here and not found by a glob, so that a build cannot lose one. */
export const MIGRATIONS = [Baseline];
