import { isWebUrl } from './is-web-url';

describe(isWebUrl, () => {
  it.each([
    'https://app.example',
    'http://localhost:3000/done?x=1#/y',
    'HTTPS://app.example/ä',
    'http://[::1]:3000/a;b,c*',
    'https://bücher_1.example',
  ])('accepts %s', (url) => expect(isWebUrl(url)).toBe(true));

  it.each([
    '/done',
    '//app.example/done',
    'app.example',
    'javascript:alert(1)',
    'ftp://app.example',
    'https://',
    'https:app.example',
    'https://app.example/a b',
    'https://app.example/\nset-cookie: x',
    'https://app.example:99999',
    'https://app.example;sandbox/',
    'https://app.example,default-src/',
    'https://*.example/',
    "https://'self'/",
    `https://app.example/${'a'.repeat(2_000)}`,
    7,
    null,
  ])('refuses %j', (url) => expect(isWebUrl(url)).toBe(false));
});
