import { LabelFilterDto } from '../../connection/label-filter.dto';
import { ConnectionService } from '../../connection/mailboxes/connection.service';
import { Field, Form, Notice, Panel } from '../layout/components';
import { FormActions } from '../layout/form-actions';
import { confirmPage } from '../layout/confirm';
import type { PageContext, PageResponse } from '../page';
import { faultsOf, type FormFaults, readAs } from './form-faults';

export async function requestSync(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  await context.get(ConnectionService).requestSync(id);
  return { redirect: `/mailboxes/${id}?done=sync-requested` };
}

export async function filterPage(context: PageContext, faults: FormFaults = {}): Promise<PageResponse> {
  const id = context.params.id!;
  const { emailAddress, watch } = await context.get(ConnectionService).get(id);
  const isSent = context.form.size > 0;
  const labels = isSent ? context.form.get('labelIds') : watch?.labelIds.join(', ');
  const behavior = isSent ? context.form.get('labelFilterBehavior') : watch?.labelFilterBehavior;
  const content = (
    <>
      <h1>Filter of {emailAddress}</h1>
      <Panel title="Which changes count">
        {faults[''] && <Notice tone="bad">{faults['']}</Notice>}
        <Form context={context} action={`/mailboxes/${id}/filter`} class="fields">
          <Field label="How" name="labelFilterBehavior" error={faults.labelFilterBehavior}>
            {(described) => (
              <select {...described} name="labelFilterBehavior">
                <option value="include">Changes of messages with one of these labels</option>
                <option value="exclude" selected={behavior === 'exclude'}>
                  All but changes of messages with one of these labels
                </option>
              </select>
            )}
          </Field>
          <Field
            label="Label ids"
            name="labelIds"
            hint="Comma separated, such as INBOX, SENT. None: every change counts."
            error={faults.labelIds}
          >
            {(described) => <input {...described} name="labelIds" value={labels ?? ''} />}
          </Field>
          <FormActions button="Replace the filter" back={`/mailboxes/${id}`} />
        </Form>
      </Panel>
    </>
  );
  return { title: `Filter of ${emailAddress}`, content, status: Object.keys(faults).length > 0 ? 400 : 200 };
}

export async function changeFilter(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  const labelIds = (context.form.get('labelIds') ?? '').split(',').map((label) => label.trim());
  try {
    const filter = await readAs(LabelFilterDto, {
      labelIds: labelIds.filter(Boolean),
      labelFilterBehavior: context.form.get('labelFilterBehavior') ?? 'include',
    });
    const { labelIds: labels = [], labelFilterBehavior = 'include' } = filter;
    await context.get(ConnectionService).startWatch(id, { labelIds: labels, labelFilterBehavior });
    return { redirect: `/mailboxes/${id}?done=filter-changed` };
  } catch (error) {
    return filterPage(context, faultsOf(error, ['labelIds', 'labelFilterBehavior']));
  }
}

export async function disconnectPage(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  const { emailAddress } = await context.get(ConnectionService).get(id);
  return confirmPage(context, {
    title: `Disconnect ${emailAddress}`,
    action: `/mailboxes/${id}/disconnect`,
    back: `/mailboxes/${id}`,
    button: 'Disconnect the mailbox',
    isDangerous: true,
    children: (
      <p>
        The watch of <strong>{emailAddress}</strong> is stopped, its grant is revoked at Google, and the
        tokens are erased. No further change of it is read. What is in the log stays. Only its owner can
        connect it again.
      </p>
    ),
  });
}

export async function disconnect(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  await context.get(ConnectionService).disconnect(id);
  return { redirect: `/mailboxes/${id}?done=disconnecting` };
}
