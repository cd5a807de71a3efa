import type { ComponentChildren, VNode } from 'preact';
import type { PageContext } from '../page';
import { exact, link, relative } from './format';

/** A time as people say it; the exact one is in `datetime`, and shown to who hovers. */
export function Time({ at, now, none = '–' }: { at: string | Date | null; now: Date; none?: string }): VNode {
  if (at === null) return <span class="muted">{none}</span>;
  const time = new Date(at);
  return (
    <time dateTime={time.toISOString()} title={exact(time)}>
      {relative(time, now)}
    </time>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const SIGNS: Record<Tone, string> = { good: '●', warn: '▲', bad: '■', calm: '○' };

/** A state: its sign differs by shape as well, for people who cannot distinguish the colours. */
export function Pill({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode {
  return (
    <span class={`pill ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}

interface PanelProps {
  title: string;
  id?: string;
  aside?: ComponentChildren;
  isDangerous?: boolean;
  children: ComponentChildren;
}

export function Panel({ title, id, aside, isDangerous, children }: PanelProps): VNode {
  return (
    <section class={isDangerous ? 'panel danger' : 'panel'} id={id}>
      <header>
        <h2>{title}</h2>
        {aside && <div class="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** What is there when nothing is: it says what to do next. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return (
    <div class="empty">
      <p class="strong">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Notice({ tone, children }: { tone: Tone; children: ComponentChildren }): VNode {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

export interface Column<Row> {
  name: string;
  /** Aligned to the right, for numbers. */
  isNumber?: boolean;
  cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  /** Names a row, for the live list. */
  id?: (row: Row) => string;
  bodyId?: string;
  /** It is there for rows to come. */
  isHidden?: boolean;
}

/** A table that becomes a list of cards where it is narrow. The roles stay what they are there. */
export function Table<Row>({ caption, columns, rows, id, bodyId, isHidden }: TableProps<Row>): VNode {
  return (
    <table role="table" hidden={isHidden}>
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ name, isNumber }) => (
            <th role="columnheader" scope="col" class={isNumber ? 'number' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" id={bodyId}>
        <Rows columns={columns} rows={rows} id={id} />
      </tbody>
    </table>
  );
}

export function Rows<Row>({ columns, rows, id }: Pick<TableProps<Row>, 'columns' | 'rows' | 'id'>): VNode {
  return (
    <>
      {rows.map((row) => (
        <tr role="row" data-id={id?.(row)}>
          {columns.map(({ name, isNumber, cell }) => (
            <td role="cell" data-label={name} class={isNumber ? 'number' : undefined}>
              {cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

/** Names and values. */
export function Facts({ facts }: { facts: [string, ComponentChildren][] }): VNode {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FormProps {
  context: Pick<PageContext, 'csrfToken'>;
  action: string;
  children: ComponentChildren;
  class?: string;
}

/** A form that changes something. */
export function Form({ context, action, children, class: name }: FormProps): VNode {
  return (
    <form method="post" action={link(action)} class={name}>
      <input type="hidden" name="csrf" value={context.csrfToken} />
      {children}
    </form>
  );
}

interface ButtonProps {
  context: PageContext;
  action: string;
  children: ComponentChildren;
  kind?: string;
}

/** A form of one button. Who may not use it does not see it. */
export function PostButton({ context, action, children, kind }: ButtonProps): VNode | null {
  if (!context.can('write')) return null;
  return (
    <Form context={context} action={action} class="inline">
      <button class={`button ${kind ?? ''}`}>{children}</button>
    </Form>
  );
}

/** A link to a page that asks once more before anything is done. */
export function ActionLink({ context, action, children, kind }: ButtonProps): VNode | null {
  if (!context.can('write')) return null;
  return (
    <a class={`button ${kind ?? ''}`} href={link(action)}>
      {children}
    </a>
  );
}

interface FieldProps {
  label: string;
  name: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  children: (described: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: 'true';
  }) => ComponentChildren;
}

/** A field with its label, what it is for, and what is wrong with it. */
export function Field({ label, name, hint, error, children }: FieldProps): VNode {
  const id = `field-${name}`;
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        ...(describedBy && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': 'true' }),
      })}
      {error && (
        <p class="fault" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** The way to what follows, and back to the beginning. */
export function Pager({ path, query, next, word }: PagerProps): VNode | null {
  const { cursor, ...rest } = query;
  if (!cursor && !next) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {cursor ? <a href={link(path, rest)}>« First page</a> : <span />}
      {next && <a href={link(path, { ...rest, cursor: next })}>{word ?? 'Next page'} »</a>}
    </nav>
  );
}

interface PagerProps {
  path: string;
  query: Record<string, string | null | undefined>;
  next: string | null;
  word?: string;
}

/** Something to copy by one click; to be marked by hand without JavaScript. */
export function Copyable({ value, label }: { value: string; label: string }): VNode {
  return (
    <div class="copyable">
      <code id={`copy-${label.toLowerCase().replaceAll(' ', '-')}`}>{value}</code>
      <button type="button" class="button" data-copy={value} hidden aria-label={`Copy ${label}`}>
        Copy
      </button>
    </div>
  );
}
