import type { VNode } from 'preact';
import { CreateConnectSessionDto } from '../../connection/connect/connect-session.dto';
import { ConnectSessionService } from '../../connection/connect/connect-session.service';
import { Copyable, Field, Form, Notice, Panel, Time } from '../layout/components';
import { FormActions } from '../layout/form-actions';
import { link } from '../layout/format';
import type { PageContext, PageResponse } from '../page';
import { faultsOf, type FormFaults, readAs } from './form-faults';

const FIELDS = ['externalId', 'loginHint', 'mailboxId'] as const;

export function connectPage(context: PageContext, faults: FormFaults = {}): PageResponse {
  const content = (
    <>
      <h1>Connect a mailbox</h1>
      <Panel title="A link for its owner">
        <p>
          Who opens the link is asked by Google for access to their mailbox. It works once, for 15 minutes,
          and in the browser in which it was opened first.
        </p>
        {faults[''] && <Notice tone="bad">{faults['']}</Notice>}
        <Form context={context} action="/mailboxes/connect" class="fields">
          <ConnectFields context={context} faults={faults} />
          <FormActions button="Make a link" back="/mailboxes" />
        </Form>
      </Panel>
    </>
  );
  return { title: 'Connect a mailbox', content, status: Object.keys(faults).length > 0 ? 400 : 200 };
}

function ConnectFields({ context, faults }: { context: PageContext; faults: FormFaults }): VNode {
  const value = (name: string) => context.form.get(name) ?? context.query.get(name) ?? '';
  return (
    <>
      <Field
        label="External id"
        name="externalId"
        hint="Optional. Your own name for the mailbox."
        error={faults.externalId}
      >
        {(described) => (
          <input {...described} name="externalId" value={value('externalId')} maxLength={255} />
        )}
      </Field>
      <Field
        label="Address"
        name="loginHint"
        hint="Optional. Google suggests it to the owner."
        error={faults.loginHint}
      >
        {(described) => <input {...described} name="loginHint" value={value('loginHint')} maxLength={320} />}
      </Field>
      <Field
        label="Reconnect"
        name="mailboxId"
        hint="Optional. The id of a mailbox: the link connects that one again and no other."
        error={faults.mailboxId}
      >
        {(described) => <input {...described} name="mailboxId" value={value('mailboxId')} maxLength={100} />}
      </Field>
    </>
  );
}

export async function createConnectSession(context: PageContext): Promise<PageResponse> {
  const fields = FIELDS.map((name) => [name, context.form.get(name)?.trim()]).filter(([, value]) => value);
  try {
    const request = await readAs(CreateConnectSessionDto, Object.fromEntries(fields) as object);
    const session = await context.get(ConnectSessionService).create(request);
    const content = (
      <>
        <h1>The link is ready</h1>
        <Panel title="Send it to the owner of the mailbox">
          <Copyable value={session.url} label="Link" />
          <p>
            It works once and ends <Time at={session.expiresAt} now={context.now} />. Or{' '}
            <a href={session.url}>open it here</a>, if the mailbox is yours.
          </p>
        </Panel>
        <p>
          <a href={link('/mailboxes')}>To the mailboxes</a>
        </p>
      </>
    );
    return { title: 'The link is ready', content };
  } catch (error) {
    return connectPage(context, faultsOf(error, FIELDS));
  }
}
