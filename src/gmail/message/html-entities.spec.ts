import { decodeEntities } from './html-entities';

describe(decodeEntities, () => {
  it.each([
    ['It&#39;s R&amp;D', "It's R&D"],
    ['&lt;b&gt; &quot;x&quot; &#x27;y&#X27; &apos;z&apos;', `<b> "x" 'y' 'z'`],
    ['a&nbsp;b&zwnj;c&#8203;d', 'a\u00a0b\u200cc\u200bd'],
    ['&#128075;', '👋'],
    ['&amp;lt;', '&lt;'],
    ['R&D &copy &unknown; &; &#; &#x; 100% & more', 'R&D &copy &unknown; &; &#; &#x; 100% & more'],
    ['&#0; &#xD800; &#9999999;', '\ufffd \ufffd \ufffd'],
  ])('decodes %j', (text, expected) => expect(decodeEntities(text)).toBe(expected));
});
