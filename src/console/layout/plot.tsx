import type { VNode } from 'preact';
import { Table } from './components';
import { compact, exact } from './format';

const WIDTH = 600;
const HEIGHT = 120;

export interface Series {
  name: string;
  /** Null where there is nothing to show. */
  values: (number | null)[];
}

export interface PlotProps {
  title: string;
  /** Where each value stands in time, or what it stands for. */
  at: Date[] | string[];
  series: Series[];
  /** How a value is written. */
  format?: (value: number) => string;
  ends: [string, string];
  shape?: 'lines' | 'bars';
}

/**
 * A plot that is there before any script is, and is read without colour: lines differ by their dashes, the legend names them, and
 * the table behind has every number.
 */
export function Plot(props: PlotProps): VNode {
  const { title, series, ends, format = compact, shape = 'lines' } = props;
  const values = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const top = niceCeiling(Math.max(...values, 0));
  const label = `${title}: ${series.map(({ name, values }) => `${name} at most ${format(largest(values))}`).join(', ')}`;
  return (
    <div class="plot">
      <div class="frame">
        <div class="scale" aria-hidden="true">
          <span>{format(top)}</span>
          <span>0</span>
        </div>
        <svg
          class="lines"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
        >
          <line class="grid" x1="0" x2={WIDTH} y1="0" y2="0" />
          <line class="grid" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          <line class="grid" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
          {shape === 'bars' ? (
            <Bars values={series[0]!.values} top={top} />
          ) : (
            <Lines series={series} top={top} />
          )}
          <Hints {...props} />
        </svg>
        <div class="ends">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      </div>
      {series.length > 1 && <Legend series={series} />}
      <Numbers {...props} />
    </div>
  );
}

function Lines({ series, top }: { series: Series[]; top: number }): VNode {
  const paths = series.map(({ values }) => pathsOf(values, top));
  return (
    <>
      {paths.map(({ line, dots }, index) => (
        <>
          {line && <path class={`series series-${index}`} d={line} />}
          {dots && <path class={`series-${index} dots`} d={dots} />}
        </>
      ))}
    </>
  );
}

function Bars({ values, top }: { values: (number | null)[]; top: number }): VNode {
  const width = WIDTH / values.length;
  return (
    <>
      {values.map((value, index) => {
        const height = ((value ?? 0) / top) * HEIGHT;
        return (
          <rect
            class="bar"
            x={index * width + width * 0.15}
            y={HEIGHT - height}
            width={width * 0.7}
            height={height}
          />
        );
      })}
    </>
  );
}

/** What a place of the plot stands for, for who points at it. */
function Hints({ at, series, format = compact }: PlotProps): VNode {
  const width = WIDTH / at.length;
  return (
    <>
      {at.map((time, index) => (
        <rect class="hit" x={index * width} y="0" width={width} height={HEIGHT}>
          <title>
            {[
              nameOf(time),
              ...series.map(({ name, values }) => `${name}: ${written(values[index], format)}`),
            ].join('\n')}
          </title>
        </rect>
      ))}
    </>
  );
}

function Legend({ series }: { series: Series[] }): VNode {
  return (
    <ul class="legend">
      {series.map(({ name }, index) => (
        <li>
          <svg viewBox="0 0 28 8" aria-hidden="true">
            <line class={`series-${index}`} x1="0" x2="28" y1="4" y2="4" />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}

/** The newest first, as far as there is something to read; else the last ones. */
function Numbers({ title, at, series, format = compact, shape }: PlotProps): VNode {
  const all = at.map((time, index) => ({ time, index }));
  const telling = all.filter(({ index }) => series.some(({ values }) => values[index]));
  const rows = shape === 'bars' ? all : telling.toReversed().slice(0, 100);
  return (
    <details>
      <summary>{`Numbers: ${title}`}</summary>
      <div class="tall" tabIndex={0} role="region" aria-label={`Numbers: ${title}`}>
        {rows.length === 0 ? (
          <p class="muted">All are zero.</p>
        ) : (
          <Table
            caption={title}
            rows={rows}
            columns={[
              { name: shape === 'bars' ? 'In' : 'From', cell: ({ time }) => nameOf(time) },
              ...series.map(({ name, values }) => ({
                name,
                isNumber: true,
                cell: ({ index }: { index: number }) => written(values[index], format),
              })),
            ]}
          />
        )}
      </div>
    </details>
  );
}

function nameOf(at: Date | string): string {
  return typeof at === 'string' ? at : exact(at);
}

function written(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

function largest(values: (number | null)[]): number {
  return Math.max(0, ...values.filter((value) => value !== null));
}

/** Lines begin anew behind what is missing. A value without neighbours is a dot. */
function pathsOf(values: (number | null)[], top: number): { line: string; dots: string } {
  const step = WIDTH / values.length;
  const has = (index: number) => (values[index] ?? null) !== null;
  let [line, dots] = ['', ''];
  values.forEach((value, index) => {
    if (value === null) return;
    const point = `${((index + 0.5) * step).toFixed(1)} ${(HEIGHT - (value / top) * HEIGHT).toFixed(1)}`;
    if (!has(index - 1) && !has(index + 1)) dots += `M${point}h0.01`;
    else line += `${has(index - 1) ? 'L' : 'M'}${point}`;
  });
  return { line, dots };
}

/** The next of 1, 2, 5, 10, 20, 50, …: the scale of a plot does not change with every number. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= value)!;
}
