import { closest } from 'fastest-levenshtein';

/** The name that was most likely meant. */
export function nearest(given: string, names: readonly string[]): string {
  return closest(given.toLowerCase(), names);
}
