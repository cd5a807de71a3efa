import { parseAddresses } from './mail-address';

const address = (name: string, of: string | null) => ({ name, address: of });
const JOHN = 'john@example.com';

describe(parseAddresses, () => {
  it.each([
    ['Smith, John <john@example.com>', [address('Smith, John', JOHN)]],
    ['Smith, John, Jr. <john@example.com>', [address('Smith, John, Jr.', JOHN)]],
    ['"Smith, John" <john@example.com>', [address('Smith, John', JOHN)]],
    ['"Smith, \\"Jack\\" John" <john@example.com>', [address('Smith, "Jack" John', JOHN)]],
    ['=?utf-8?Q?Smith=2C_J=C3=B6hn?= <john@example.com>', [address('Smith, Jöhn', JOHN)]],
    ['=?utf-8?Q?Smith,_J=C3=B6hn?= <john@example.com>', [address('Smith, Jöhn', JOHN)]],
    ['=?utf-8?Q?Smith=2C?= =?utf-8?Q?_J=C3=B6hn?= <john@example.com>', [address('Smith, Jöhn', JOHN)]],
    ['Şahin, Çağla <cagla@örnek.example>', [address('Şahin, Çağla', 'cagla@örnek.example')]],
    ['Smith, john@example.com', [address('Smith', null), address('', JOHN)]],
    [
      'bob@example.net, Smith, John <john@example.com>, Ada <ada@example.org>',
      [address('', 'bob@example.net'), address('Smith, John', JOHN), address('Ada', 'ada@example.org')],
    ],
  ])('reads the commas in %s', (header, expected) => {
    expect(parseAddresses(header, 100)).toEqual(expected);
  });

  it.each([
    ['"ceo@bank.example"', [address('ceo@bank.example', null)]],
    ['"ceo@bank.example" <evil@example.net>', [address('ceo@bank.example', 'evil@example.net')]],
    [
      '"ceo@bank.example", evil@example.net',
      [address('ceo@bank.example', null), address('', 'evil@example.net')],
    ],
    ['"ceo@bank.example" (evil@example.net)', [address('ceo@bank.example', null)]],
    ['"ceo@bank.example x"@example.net', [address('', '"ceo@bank.example x"@example.net')]],
    ['=?utf-8?Q?ceo=40bank.example?=', [address('ceo@bank.example', null)]],
    ['=?utf-8?Q?ceo@bank.example?=', [address('ceo@bank.example', null)]],
    ['=?utf-8?Q?Ada_<ceo@bank.example>?=', [address('Ada <ceo@bank.example>', null)]],
    ['=?utf-8?Q?ceo@bank.example?= evil@example.net', [address('ceo@bank.example', 'evil@example.net')]],
    ['"ceo@bank.example', [address('ceo@bank.example', null)]],
    ['(ceo@bank.example', [address('ceo@bank.example', null)]],
    ['"ceo@bank.example <evil@example.net>', [address('ceo@bank.example', 'evil@example.net')]],
    ['(ceo@bank.example)', [address('ceo@bank.example', null)]],
    ['ceo@bank.example <evil@example.net>', [address('ceo@bank.example', 'evil@example.net')]],
  ])('treats no name as an address: %s', (header, expected) => {
    expect(parseAddresses(header, 100)).toEqual(expected);
  });

  it.each([
    ['john@example.com (John Smith)', [address('John Smith', JOHN)]],
    ['John (not (that) one) Smith <john@example.com>', [address('John Smith', JOHN)]],
    ['John<john@example.com>', [address('John', JOHN)]],
    ['<john@example.com', [address('', JOHN)]],
    ['John < john @ example.com >', [address('John', JOHN)]],
    ['John <@relay.example,@other.example:john@example.com>', [address('John', JOHN)]],
    ['john@example.com John', [address('John', JOHN)]],
    ['"john smith"@example.com', [address('', '"john smith"@example.com')]],
    [
      'Team: a@example.com, Smith, John <john@example.com>;, b@example.com',
      [address('', 'a@example.com'), address('Smith, John', JOHN), address('', 'b@example.com')],
    ],
    ['a@example.com; b@example.com', [address('', 'a@example.com'), address('', 'b@example.com')]],
    ['undisclosed-recipients:;', []],
    ['MAILER-DAEMON', [address('MAILER-DAEMON', null)]],
    ['Mail Delivery <MAILER-DAEMON>', [address('Mail Delivery', 'MAILER-DAEMON')]],
    ['Mail Delivery <>', [address('Mail Delivery', null)]],
    ['<>', []],
    [', ,;:', []],
    ['John <mailto:john@example.com>', [address('John', JOHN)]],
    ['MAILTO:john@example.com', [address('', JOHN)]],
    ['john @example.com', [address('', JOHN)]],
    ['john@ example.com', [address('', JOHN)]],
    ['john @ example.com, "ada l" @example.org', [address('', JOHN), address('', '"ada l"@example.org')]],
    ['john(a comment)@example.com', [address('a comment', JOHN)]],
    ['John @work', [address('John @work', null)]],
    ['Smith @ Sons Inc.', [address('Smith @ Sons Inc.', null)]],
    ['Service: Alerts <alerts@example.com>', [address('Service: Alerts', 'alerts@example.com')]],
    [
      'Re: Service: Alerts <alerts@example.com>, x: <john@example.com>',
      [address('Re: Service: Alerts', 'alerts@example.com'), address('x:', JOHN)],
    ],
    ['Team: Alerts <alerts@example.com>;', [address('Alerts', 'alerts@example.com')]],
    ['undisclosed-recipients:', []],
    ['Smith, John <>', [address('Smith, John', null)]],
    ['Smith,\r\n John <john@example.com>', [address('Smith, John', JOHN)]],
    ['"John', [address('John', null)]],
    ['<"john smith"@example.com>', [address('', '"john smith"@example.com')]],
    ['"j"."smith"@example.com', [address('', '"j"."smith"@example.com')]],
    ['John <j."s, t"."u\\"v"@example.com>', [address('John', 'j."s, t"."u\\"v"@example.com')]],
    ['j."smith".jr@example.com John', [address('John', 'j."smith".jr@example.com')]],
    [
      'john@[IPv6:2001:db8::1], ada@[192.0.2.1]',
      [address('', 'john@[IPv6:2001:db8::1]'), address('', 'ada@[192.0.2.1]')],
    ],
    ['John <SMTP:john@example.com>', [address('John', JOHN)]],
    ["'john@example.com', <'ada@example.org'>", [address('', JOHN), address('', 'ada@example.org')]],
    ["O'Neil <o'neil@example.com>", [address("O'Neil", "o'neil@example.com")]],
  ])('reads %s', (header, expected) => {
    expect(parseAddresses(header, 100)).toEqual(expected);
  });

  it.each([
    ['Smith (Sales <john@example.com>', [address('Smith', JOHN)]],
    ['Ada =( <ada@example.org>', [address('Ada =', 'ada@example.org')]],
    ['(a (b) <john@example.com>', [address('a', JOHN)]],
    ['"Smith, John <john@example.com>', [address('Smith, John', JOHN)]],
    ['"C:\\" <john@example.com>', [address('C:', JOHN)]],
  ])('does not lose who follows what is never closed: %s', (header, expected) => {
    const ada = 'Ada <ada@example.org>, bob@example.net (Bob)';
    expect(parseAddresses(`${header}, ${ada}`, 100)).toEqual([
      ...expected,
      address('Ada', 'ada@example.org'),
      address('Bob', 'bob@example.net'),
    ]);
  });

  it('stops at the maximum', () => {
    expect(parseAddresses('a@b.c, d, e@f.g, h@i.j', 2)).toEqual([address('', 'a@b.c'), address('d', null)]);
    expect(parseAddresses(undefined, 2)).toEqual([]);
  });
});
