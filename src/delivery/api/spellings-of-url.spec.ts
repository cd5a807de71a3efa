import { spellingsOfUrl } from './spellings-of-url';

describe(spellingsOfUrl, () => {
  it.each([
    ['https://App.Example.com', 'https://app.example.com/'],
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com/hook', 'https://app.example.com:443/hook'],
    ['https://app.example.com:443/hook', 'https://app.example.com/hook'],
    ['http://app.example.com?a=1', 'http://app.example.com:80/?a=1'],
    ['http://app.example.com:8080', 'http://app.example.com:8080/'],
    ['http://app.example.com:8080/h#x', 'http://app.example.com:8080/h'],
    ['https://app.example.com/h', 'https://app.example.com.:443/h'],
    ['https://APP.example.com./h', 'https://app.example.com/h'],
  ])('of %s have %s among them', (url, spelling) => {
    expect(spellingsOfUrl(url)).toContain(spelling);
  });

  it('are few', () => {
    expect(spellingsOfUrl('https://app.example.com')).toHaveLength(8);
  });
});
