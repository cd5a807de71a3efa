import type { VNode } from 'preact';
import { link } from './format';

interface Actions {
  /** What the button says: the thing that it does. */
  button: string;
  isDangerous?: boolean | undefined;
  /** Where nothing is done. */
  back: string;
}

/** The end of a form: its button, and the way back. */
export function FormActions({ button, isDangerous, back }: Actions): VNode {
  return (
    <div class="actions">
      <button class={`button ${isDangerous ? 'bad' : 'primary'}`}>{button}</button>
      <a class="button" href={link(back)}>
        Cancel
      </a>
    </div>
  );
}
