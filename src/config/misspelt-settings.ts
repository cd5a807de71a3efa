import { distance } from 'fastest-levenshtein';
import { SETTING_NAMES } from './validate-environment';

/** How many letters may differ. */
const MAX_DISTANCE = 2;
/** Shorter names are near to many that mean something else: `HOST` to `HOME`. */
const MIN_LENGTH = 7;
/** Names of others that are near to one of ours. */
const OF_OTHERS = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']);

export interface MisspeltSetting {
  name: string;
  meant: string;
}

/** Variables of the environment that nobody reads and that are written almost like a setting, which therefore has its default. */
export function misspeltSettings(environment: Record<string, string | undefined>): MisspeltSetting[] {
  return Object.keys(environment).flatMap((name) => {
    if (SETTING_NAMES.includes(name) || OF_OTHERS.has(name.toUpperCase())) return [];
    const [nearest] = SETTING_NAMES.filter((known) => known.length >= MIN_LENGTH)
      .map((known) => ({ known, letters: distance(name.toUpperCase(), known) }))
      .sort((a, b) => a.letters - b.letters);
    const isNear = nearest!.letters <= MAX_DISTANCE && environment[name] !== undefined;
    return isNear ? [{ name, meant: nearest!.known }] : [];
  });
}
