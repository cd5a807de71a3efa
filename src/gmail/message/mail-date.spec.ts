import { execFileSync } from 'node:child_process';
import { parseMailDate } from './mail-date';

const read = (header: string) => parseMailDate(header)?.toISOString().replace('.000Z', 'Z') ?? null;

describe(parseMailDate, () => {
  it.each([
    ['Fri, 1 May 2026 14:00:00 +0200', '2026-05-01T12:00:00Z'],
    ['Fri, 01 May 2026 14:00:00 -0530 (a (nested) comment)', '2026-05-01T19:30:00Z'],
    ['1 May 2026 14:00 GMT', '2026-05-01T14:00:00Z'],
    ['Fri,  1 May 2026\r\n 14:00:00  +0000', '2026-05-01T14:00:00Z'],
    ['Fri, 1 May 26 14:00:00 EDT', '2026-05-01T18:00:00Z'],
    ['Fri, 1 May 99 14:00:00 Z', '1999-05-01T14:00:00Z'],
    ['Friday, 1-May-2026 14:00:00 UTC', '2026-05-01T14:00:00Z'],
    ['Fri, 1 May 2026 14:00:00 GMT+0200', '2026-05-01T12:00:00Z'],
    ['Fri, 1 May 2026 14:00:00 +02', '2026-05-01T12:00:00Z'],
    ['Fri, 1 May 2026 14:00:00 GMT-5', '2026-05-01T19:00:00Z'],
    ['2026-05-01T14:00:00+02', '2026-05-01T12:00:00Z'],
    ['Fri, 1 May 2026 2:00:00 PM +0000', '2026-05-01T14:00:00Z'],
    ['Fri, 1 May 2026 14:00:00 +0200 CEST', '2026-05-01T12:00:00Z'],
    ['Fri, 1 May 2026 14:00:00 -0700 PDT (really)', '2026-05-01T21:00:00Z'],
    ['Fri, 1 May 2026 4:5:6 +0000', '2026-05-01T04:05:06Z'],
    ['Friday, May 1, 2026 2:00 PM', '2026-05-01T14:00:00Z'],
    ['May 1 2026 at 12:30:00am -0500', '2026-05-01T05:30:00Z'],
    ['Fri May  1 14:00:00 2026', '2026-05-01T14:00:00Z'],
    ['2026-05-01T14:00:00.123+02:00', '2026-05-01T12:00:00Z'],
    ['2026-05-01 14:00:00', '2026-05-01T14:00:00Z'],
    ['Thu, 31 Dec 2026 23:59:60 +0000', '2027-01-01T00:00:00Z'],
  ])('reads %j', (header, expected) => expect(read(header)).toBe(expected));

  it.each([
    ['Fri, 1 May 2026 14:00:00', 'no zone'],
    ['Fri, 1 May 2026 14:00:00 CEST', 'a zone that RFC 5322 does not name'],
    ['Fri, 1 May 2026 14:00:00 +9999', 'an offset of nowhere'],
    ['Fri, 1 May 2026 14:00:00 -0000', 'a zone that says that it is unknown'],
  ])('takes %j for UTC: %s', (header) => expect(read(header)).toBe('2026-05-01T14:00:00Z'));

  it.each([
    ...['5', '', '2026', '1 May', '14:00', 'May 2026', 'the day after', 'Fri, 1 May 99999 14:00:00 +0000'],
    ...[
      'Fri, 31 Feb 2026 14:00:00 +0000',
      'Fri, 1 Foo 2026 14:00:00 +0000',
      'Fri, 1 May 2026 25:00:00 +0000',
      'Fri, 1 May 2026 4:60:6 +0000',
      'Friday, May 32, 2026 2:00 PM',
      'Friday, Foo 1, 2026 2:00 PM',
    ],
    ...[
      '1777636800',
      '1/2',
      '05/01/2026',
      '2026-13-01T00:00:00Z',
      '(1 May 2026 14:00:00 +0000)',
      '1e400',
      '+5',
    ],
  ])('takes %j for no date', (header) => expect(read(header)).toBeNull());

  it('gives the same in every time zone', () => {
    const WITHOUT_ZONE = '2026-05-01T14:00:00.000Z';
    const headers = ['Fri, 1 May 2026 14:00:00', '5', '2026-05-01 14:00'];
    // Node itself takes the types out. A time zone is that of a whole process.
    const script = `import { parseMailDate } from ${JSON.stringify(require.resolve('./mail-date'))};
      console.log(JSON.stringify(${JSON.stringify(headers)}.map(parseMailDate)));`;
    for (const TZ of ['America/New_York', 'Asia/Tokyo', 'UTC']) {
      const output = execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
        env: { ...process.env, TZ },
      });
      expect(JSON.parse(output.toString())).toEqual([WITHOUT_ZONE, null, WITHOUT_ZONE]);
    }
  });
});
