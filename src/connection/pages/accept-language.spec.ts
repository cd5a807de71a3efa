import { LANGUAGES } from '../../config/settings';
import { chooseLanguage } from './accept-language';

describe(chooseLanguage.name, () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-CH, fr;q=0.9', 'de'],
    ['fr;q=0.5, ja;q=0.9, en;q=0.1', 'ja'],
    ['pt-BR, es-419;q=0.8, en;q=0.3', 'es'],
    ['it, nl', 'en'],
    ['*', 'en'],
    ['en;q=0, *;q=0.5', 'de'],
    ['en;q=0', 'en'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['FR-ca', 'fr'],
    ['fr;q=nonsense, de;q=0.2', 'de'],
    ['fr;q=7, de;q=0.2', 'de'],
    [';;;,,,=q, ja ; q=0.2', 'ja'],
    [`${'x,'.repeat(10_000)}ja`, 'en'],
  ])('takes %j for %s', (header, language) => {
    expect(chooseLanguage(header, LANGUAGES)).toBe(language);
  });

  it('gives who prefers none of them the first', () => {
    expect(chooseLanguage('de, en', ['ja', 'fr'])).toBe('ja');
    expect(chooseLanguage('de, fr;q=0.1', ['ja', 'fr'])).toBe('fr');
  });

  it('gives the first of two that are wanted equally', () => {
    expect(chooseLanguage('fr, de', ['de', 'fr'])).toBe('de');
  });
});
