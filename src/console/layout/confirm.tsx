import type { ComponentChildren, VNode } from 'preact';
import type { PageContext, PageResponse } from '../page';
import { Form, Notice, Panel } from './components';
import { FormActions } from './form-actions';

interface Confirmation {
  title: string;
  /** What will happen. */
  children: ComponentChildren;
  action: string;
  /** What the button says: the thing that it does. */
  button: string;
  isDangerous?: boolean;
  /** Where nothing is done. */
  back: string;
  fault?: string | undefined;
}

/** A page that says what will happen, and asks once more. It works without JavaScript and has an address. */
export function confirmPage(context: PageContext, confirmation: Confirmation): PageResponse {
  const { title, fault } = confirmation;
  return { title, content: <Confirm context={context} {...confirmation} />, status: fault ? 400 : 200 };
}

function Confirm(props: Confirmation & { context: PageContext }): VNode {
  const { context, title, children, action, button, isDangerous, back, fault } = props;
  return (
    <>
      <h1>{title}</h1>
      <Panel title="What will happen">
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Form context={context} action={action} class="fields">
          <div class="stack">{children}</div>
          <FormActions button={button} back={back} isDangerous={isDangerous} />
        </Form>
      </Panel>
    </>
  );
}
