import type { Language } from '../../config/settings';

interface Preference {
  /** In lower case, such as `de-ch`, or `*`. */
  range: string;
  quality: number;
}

/**
 * The language that somebody wants most of those that there are: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 *
 * @param languages who wants none of them gets the first
 */
export function chooseLanguage(header: string | undefined, languages: readonly Language[]): Language {
  const preferences = (header ?? '').split(',').slice(0, MAX_RANGES).flatMap(readRange);
  const qualityOf = (language: Language) =>
    // The most exact range counts: `de;q=0, *` is anything but German.
    (
      preferences.find(({ range }) => range.split('-')[0] === language) ??
      preferences.find(({ range }) => range === '*')
    )?.quality ?? 0;
  const wanted = languages.map((language) => ({ language, quality: qualityOf(language) }));
  const [best] = wanted.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  return best?.language ?? languages[0]!;
}

/** Browsers send a handful. */
const MAX_RANGES = 50;

function readRange(part: string): Preference[] {
  const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  if (!/^(\*|[a-z]{1,8}(-[a-z\d]{1,8})*)$/.test(range)) return [];
  const [, quality = '1'] = /^q=(.*)$/.exec(parameters[0] ?? '') ?? [];
  return /^[01](\.\d{0,3})?$/.test(quality) ? [{ range, quality: Math.min(1, Number(quality)) }] : [];
}
