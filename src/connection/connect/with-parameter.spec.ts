import { withParameter } from './with-parameter';

describe(withParameter, () => {
  it.each([
    ['https://app.example', 'https://app.example?error=a%26b'],
    ['https://app.example/done?user=7', 'https://app.example/done?user=7&error=a%26b'],
    ['https://app.example/?a=%7e%20b+c&d', 'https://app.example/?a=%7e%20b+c&d&error=a%26b'],
    ['https://app.example/?#/inbox?x#y', 'https://app.example/?error=a%26b#/inbox?x#y'],
    ['HTTPS://App.example:443/a/../b?a=1&', 'HTTPS://App.example:443/a/../b?a=1&error=a%26b'],
    ['https://app.example/é?ü=1', 'https://app.example/%C3%A9?%C3%BC=1&error=a%26b'],
  ])('adds to %s', (url, expected) => expect(withParameter(url, 'error', 'a&b')).toBe(expected));
});
