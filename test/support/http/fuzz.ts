import fc from 'fast-check';

/** A failing run prints its seed; set it here to repeat the run. */
const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);

/** How many times longer a property may run than it does as a part of all tests. */
const LONGER = Number(process.env.FUZZ_LONGER ?? 1);

/**
 * Runs a property so many times, or for as long as its time (ms) allows.
 *
 * @param limits.round what is run again takes other values with another number
 */
export function fuzz<Ts extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Ts> | fc.IProperty<Ts>,
  { numRuns, timeMs = 4_000, round = 0 }: { numRuns: number; timeMs?: number; round?: number },
): Promise<void> {
  const limits = { interruptAfterTimeLimit: timeMs * LONGER, markInterruptAsFailure: false };
  return Promise.resolve(
    fc.assert(property as fc.IAsyncProperty<Ts>, {
      seed: SEED + round,
      numRuns: numRuns * LONGER,
      ...limits,
    }),
  );
}

/** Text of every kind that has ever broken a program, and any other. */
export const uglyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  // Halves of surrogate pairs, which `binary` leaves out.
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202egnp.exe',
    '\ufeff',
    '\r\nX-Evil: 1',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '[object Object]'),
  fc.constantFrom("' OR 1=1 --", '$1', '%00', '%', '%zz', '../../etc/passwd', '<script>alert(1)</script>'),
  fc.constantFrom('=?utf-8?Q?=C3?=', '=?x?B?____?=', 'İ', 'ß'.repeat(300), 'x'.repeat(5_000)),
);

const uglyNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 2 ** 31, 2 ** 53, 2 ** 63, 1e300, 0.1),
);

/** Any JSON value. */
export const uglyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    uglyNumber,
    uglyText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(uglyText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Every byte escaped. What cannot be written in UTF-8 becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return Buffer.from(text).toString('hex').replace(/../g, '%$&');
}

/** Part of a URL: any text in percent-encoding, or what is none. */
export const uglyUrlPart = fc.oneof(
  { weight: 3, arbitrary: uglyText.map(percentEncoded) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%', '%%', '%zz', '%ff%fe', '%c0%80', '%ed%a0%80', '+', '%u0041', '%2'),
  },
  { weight: 1, arbitrary: fc.string().map((text) => text.replace(/[ #?&/]/g, '')) },
);

/** A query with these parameters, any of them several times, and others. */
export function uglyQuery(parameters: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<string> {
  const named = Object.entries(parameters).flatMap(([name, value]) =>
    [name, `${name}[]`, `${name}[a]`, `${name}.a`].map((key, index) => ({
      weight: index === 0 ? 12 : 1,
      arbitrary: fc.oneof(value, uglyUrlPart).map((text) => `${key}=${text}`),
    })),
  );
  const other = fc.tuple(uglyUrlPart, uglyUrlPart).map((pair) => pair.join('='));
  const parameter = fc.oneof(
    ...named,
    { weight: 1, arbitrary: other },
    { weight: 1, arbitrary: uglyUrlPart },
  );
  return fc.array(parameter, { maxLength: 4 }).map((all) => all.join('&'));
}
