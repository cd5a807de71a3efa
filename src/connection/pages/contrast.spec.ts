import fc from 'fast-check';
import { contrast, readable, textOn } from './contrast';

const color = fc
  .tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 255 })))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`);

describe(contrast.name, () => {
  it('is 21 between black and white, 1 of a colour with itself, and known of a grey', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#123456', '#123456')).toBe(1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});

describe('text on the accent and in it', () => {
  it('keeps 4.5:1 whatever the colour, on light and on dark', () => {
    fc.assert(
      fc.property(color, (accent) => {
        expect(contrast(accent, textOn(accent))).toBeGreaterThanOrEqual(4.5);
        for (const surface of ['#ffffff', '#1a1d21'])
          expect(contrast(readable(accent, surface), surface)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves a colour as it is that can be read', () => {
    expect(readable('#0b57d0', '#ffffff')).toBe('#0b57d0');
  });
});
