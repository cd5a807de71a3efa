import { wellFormedJson } from './well-formed-json';

describe(wellFormedJson, () => {
  it('keeps ordinary text, emoji included', () => {
    expect(JSON.parse(wellFormedJson({ subject: 'Grüße 👋' }))).toEqual({ subject: 'Grüße 👋' });
  });

  it('replaces NUL characters and lone surrogates wherever they are', () => {
    const text = wellFormedJson({ a: ['x\0y', { b: '\ud83d' }] });
    expect(JSON.parse(text)).toEqual({ a: ['x\ufffdy', { b: '\ufffd' }] });
  });
});
