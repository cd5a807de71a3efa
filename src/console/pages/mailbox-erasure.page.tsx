import { ConnectionService } from '../../connection/mailboxes/connection.service';
import { isSameAddress } from '../../mailbox/email-address';
import { Field } from '../layout/components';
import { confirmPage } from '../layout/confirm';
import type { PageContext, PageResponse } from '../page';

/** It cannot be undone: whoever asks for it has to know which mailbox it is. */
export async function erasePage(context: PageContext, fault?: string): Promise<PageResponse> {
  const id = context.params.id!;
  const { emailAddress } = await context.get(ConnectionService).get(id);
  const name = emailAddress ?? id;
  return confirmPage(context, {
    title: `Erase ${name}`,
    action: `/mailboxes/${id}/erase`,
    back: `/mailboxes/${id}`,
    button: 'Erase the mailbox',
    isDangerous: true,
    fault,
    children: (
      <>
        <p>
          <strong>{name}</strong> is disconnected, and then what is kept of it is erased: its address and
          external id, what its events say, and what receivers answered to them. Deliveries that wait are
          dead. Of each event its type, number and time are left. Nothing brings the rest back.
        </p>
        <p>What receivers have, backups and logs are not reached by it.</p>
        <Field label={`Type ${name} to go on`} name="confirmation">
          {(described) => <input {...described} name="confirmation" autocomplete="off" required />}
        </Field>
      </>
    ),
  });
}

export async function erase(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  const connection = context.get(ConnectionService);
  const { emailAddress } = await connection.get(id);
  const typed = context.form.get('confirmation')?.trim() ?? '';
  const isNamed = emailAddress === null ? typed === id : isSameAddress(typed, emailAddress);
  if (!isNamed)
    return erasePage(context, 'What was typed is not the address of this mailbox: nothing was done.');
  await connection.erase(id);
  return { redirect: `/mailboxes/${id}?done=erasing` };
}
