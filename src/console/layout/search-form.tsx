import type { VNode } from 'preact';
import { link } from './format';

/** One of several values, or any. */
interface Choice {
  name: string;
  label: string;
  any: string;
  /** Each value with what it is called. */
  options: readonly (readonly [value: string, text: string])[];
  value: string | undefined;
}

interface Props {
  /** The page of the list, below the console's root. */
  action: string;
  name: string;
  label: string;
  value: string | undefined;
  choice: Choice;
  button: string;
}

/** Above a list: a text to search for, and one choice. It works without JavaScript. */
export function SearchForm({ action, name, label, value, choice, button }: Props): VNode {
  return (
    <form class="search" role="search" action={link(action)}>
      <input type="search" name={name} value={value ?? ''} aria-label={label} placeholder={label} />
      <select name={choice.name} aria-label={choice.label}>
        <option value="">{choice.any}</option>
        {choice.options.map(([option, text]) => (
          <option value={option} selected={option === choice.value}>
            {text}
          </option>
        ))}
      </select>
      <button class="button">{button}</button>
    </form>
  );
}
