import { canonicalAddress, spellingsOf } from './email-address';

describe(canonicalAddress, () => {
  it.each([
    ['ada@gmail.com', 'ada@gmail.com'],
    ['ada@googlemail.com', 'ada@gmail.com'],
    [' Ada.L+x@GoogleMail.COM ', 'ada.l+x@gmail.com'],
    ['Ada@Example.com', 'ada@example.com'],
    ['ada@notgooglemail.com', 'ada@notgooglemail.com'],
    ['ada@googlemail.com.example', 'ada@googlemail.com.example'],
    ['ada@sub.googlemail.com', 'ada@sub.googlemail.com'],
  ])('of %s is %s', (address, canonical) => expect(canonicalAddress(address)).toBe(canonical));
});

describe(spellingsOf, () => {
  it.each(['ada@gmail.com', 'ADA@googlemail.com'])('are both domains for %s', (address) => {
    expect(spellingsOf(address)).toEqual(['ada@gmail.com', 'ada@googlemail.com']);
  });

  it('is the address alone for every other domain', () => {
    expect(spellingsOf('Ada@Example.com')).toEqual(['ada@example.com']);
  });
});
