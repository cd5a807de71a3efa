/** Red, green and blue, each from 0 to 255. */
type Color = [number, number, number];

/** What small text needs: https://www.w3.org/TR/WCAG22/#contrast-minimum, and a little, since browsers round. */
const ENOUGH = 4.6;

/** @param hex #rrggbb */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** Black or white, whichever is easier to read on a colour: one of them always is easy enough. */
export function textOn(background: string): string {
  return contrast(background, '#ffffff') >= contrast(background, '#000000') ? '#ffffff' : '#000000';
}

/** The colour, made darker or lighter until text in it can be read on the background. */
export function readable(color: string, background: string): string {
  const end = parse(textOn(background));
  const start = parse(color);
  for (let step = 0; step <= 20; step++) {
    const mixed = format(start.map((value, n) => value + ((end[n]! - value) * step) / 20) as Color);
    if (contrast(mixed, background) >= ENOUGH) return mixed;
  }
  return format(end);
}

function parse(hex: string): Color {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16)) as Color;
}

function format(color: Color): string {
  return `#${color.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: Color): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
