import type { ScaleFigures } from './measure-scale';

const NAME = 58;
const COLUMN = 14;

/** The second table: what a fleet of this size costs beside a small one. */
export function scaleReport(figures: readonly ScaleFigures[]): string {
  const [first] = figures;
  const line = (name: string, cells: string[]) =>
    name.padEnd(NAME) + cells.map((cell) => cell.padStart(COLUMN)).join('');
  const row = (name: string, value: (one: ScaleFigures) => number, digits: number) =>
    line(
      name,
      figures.map((one) => value(one).toFixed(digits)),
    );
  return [
    line(
      '',
      figures.map(({ mailboxes }) => `${mailboxes.toLocaleString('en')}`),
    ),
    row('PostgreSQL’s CPU while nothing happens, ms/s', ({ idle }) => idle, 1),
    ...Object.keys(first!.requests).map((name) => row(`${name}, ms`, ({ requests }) => requests[name]!, 1)),
    ...first!.bytes.map(({ table }, n) =>
      row(`bytes for each row in ${table}`, ({ bytes }) => bytes[n]!.total, 0),
    ),
  ].join('\n');
}
