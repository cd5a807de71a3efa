import type { VNode } from 'preact';
import { EndpointChangeService } from '../../delivery/api/endpoint-change.service';
import { ChangeEndpointDto, CreateEndpointDto } from '../../delivery/api/endpoint-request.dto';
import { EndpointService } from '../../delivery/api/endpoint.service';
import { type Endpoint, type EndpointWarning, ORDERINGS } from '../../delivery/endpoint/endpoint.types';
import { EVENT_TYPES } from '../../event/event.types';
import { Copyable, Field, Form, Notice, Panel } from '../layout/components';
import { FormActions } from '../layout/form-actions';
import { link } from '../layout/format';
import type { PageContext, PageResponse } from '../page';
import {
  CONDITION_FIELDS,
  ConditionFields,
  type Conditions,
  conditionsOf,
  NO_CONDITIONS,
  readConditions,
  sentConditions,
} from './endpoint-conditions';
import { faultsOf, type FormFaults, readAs } from './form-faults';

const FIELDS = ['url', 'description', 'eventTypes', 'mailboxIds', 'ordering', ...CONDITION_FIELDS] as const;

const ORDERING_NAMES = {
  mailbox: 'mailbox: the events of a mailbox one after the other, as they happened',
  none: 'none: a failing event does not hold up those after it',
};

/** What the form shows: as it was sent, or else as the endpoint is. */
type Values = Pick<Endpoint, 'url' | 'description' | 'eventTypes' | 'mailboxIds' | 'ordering'>;

const NEW: Values = { url: '', description: null, eventTypes: [], mailboxIds: [], ordering: 'mailbox' };

function sentValues({ form }: PageContext): Values {
  const description = form.get('description')?.trim();
  return {
    url: form.get('url')?.trim() ?? '',
    description: description ? description : null,
    eventTypes: form.getAll('eventTypes') as Values['eventTypes'],
    mailboxIds: (form.get('mailboxIds') ?? '').split(/[\s,]+/).filter(Boolean),
    ordering: (form.get('ordering') ?? 'mailbox') as Values['ordering'],
  };
}

export function newEndpointPage(context: PageContext, faults: FormFaults = {}): PageResponse {
  const isSent = context.form.size > 0;
  return formPage({
    context,
    values: isSent ? sentValues(context) : NEW,
    conditions: isSent ? sentConditions(context.form) : NO_CONDITIONS,
    faults,
    title: 'Add an endpoint',
    action: '/endpoints/new',
    back: '/endpoints',
  });
}

export async function createEndpoint(context: PageContext): Promise<PageResponse> {
  try {
    const conditions = readConditions(sentConditions(context.form));
    const request = await readAs(CreateEndpointDto, { ...sentValues(context), ...conditions });
    const { id, secret, warnings } = await context.get(EndpointChangeService).create(request);
    return secretPage({ id, secret, warnings, title: 'The endpoint is there' });
  } catch (error) {
    return newEndpointPage(context, faultsOf(error, FIELDS));
  }
}

export async function editEndpointPage(context: PageContext, faults: FormFaults = {}): Promise<PageResponse> {
  const endpoint = await context.get(EndpointService).get(context.params.id!);
  const isSent = context.form.size > 0;
  const path = `/endpoints/${endpoint.id}`;
  return formPage({
    context,
    values: isSent ? sentValues(context) : endpoint,
    conditions: isSent ? sentConditions(context.form) : conditionsOf(endpoint),
    faults,
    title: 'Edit the endpoint',
    action: `${path}/edit`,
    back: path,
  });
}

export async function editEndpoint(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  try {
    const shown = conditionsOf(await context.get(EndpointService).get(id));
    const conditions = readConditions(sentConditions(context.form), shown);
    const change = await readAs(ChangeEndpointDto, { ...sentValues(context), ...conditions });
    await context.get(EndpointChangeService).change(id, change);
    return { redirect: `/endpoints/${id}?done=endpoint-changed` };
  } catch (error) {
    return editEndpointPage(context, faultsOf(error, FIELDS));
  }
}

interface FormPageProps {
  context: PageContext;
  values: Values;
  conditions: Conditions;
  faults: FormFaults;
  title: string;
  action: string;
  back: string;
}

function formPage(props: FormPageProps): PageResponse {
  const { context, faults, title, action, back } = props;
  const content = (
    <>
      <h1>{title}</h1>
      <Panel title="Where events go, and which">
        {faults[''] && <Notice tone="bad">{faults['']}</Notice>}
        <Form context={context} action={action} class="fields">
          <Fields {...props} />
          <FormActions button={title} back={back} />
        </Form>
      </Panel>
    </>
  );
  return { title, content, status: Object.keys(faults).length > 0 ? 400 : 200 };
}

function Fields({ values, conditions, faults }: FormPageProps): VNode {
  return (
    <>
      <Field
        label="URL"
        name="url"
        hint="https, on a public address; or pubsub://projects/P/topics/T."
        error={faults.url}
      >
        {(described) => <input {...described} name="url" value={values.url} required maxLength={2_048} />}
      </Field>
      <Field label="Description" name="description" hint="For you." error={faults.description}>
        {(described) => (
          <input {...described} name="description" value={values.description ?? ''} maxLength={1_000} />
        )}
      </Field>
      <EventTypes chosen={values.eventTypes} fault={faults.eventTypes} />
      <Field
        label="Mailboxes"
        name="mailboxIds"
        hint="Their ids, one a line. None: all, also those to come."
        error={faults.mailboxIds}
      >
        {(described) => (
          <textarea {...described} name="mailboxIds" rows={3} value={values.mailboxIds.join('\n')} />
        )}
      </Field>
      <Field label="Ordering" name="ordering" error={faults.ordering}>
        {(described) => (
          <select {...described} name="ordering">
            {ORDERINGS.map((ordering) => (
              <option value={ordering} selected={ordering === values.ordering}>
                {ORDERING_NAMES[ordering]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ConditionFields values={conditions} faults={faults} />
    </>
  );
}

function EventTypes({ chosen, fault }: { chosen: readonly string[]; fault: string | undefined }): VNode {
  return (
    <fieldset>
      <legend>Event types</legend>
      <p class="hint">None: all of them.</p>
      <div class="choices">
        {EVENT_TYPES.map((type) => (
          <label>
            <input type="checkbox" name="eventTypes" value={type} checked={chosen.includes(type)} /> {type}
          </label>
        ))}
      </div>
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}

interface SecretFacts {
  id: string;
  secret: string;
  warnings: EndpointWarning[];
  title: string;
}

/** The only page that ever shows a secret: the answer to the form that made it. */
export function secretPage({ id, secret, warnings, title }: SecretFacts): PageResponse {
  const content = (
    <>
      <h1>{title}</h1>
      {warnings.map(({ message }) => (
        <Notice tone="warn">{message}</Notice>
      ))}
      <Panel title="Its signing secret" aside="shown this once">
        <Copyable value={secret} label="Secret" />
        <p>
          Your receiver verifies signatures with it. Keep it where the receiver reads its other secrets. When
          it is lost, rotate it.
        </p>
        <p>
          <a class="button primary" href={link(`/endpoints/${id}`)}>
            To the endpoint
          </a>
        </p>
      </Panel>
    </>
  );
  return { title, content };
}
