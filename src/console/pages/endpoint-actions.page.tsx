import type { ComponentChildren, VNode } from 'preact';
import { EndpointChangeService } from '../../delivery/api/endpoint-change.service';
import { EndpointService } from '../../delivery/api/endpoint.service';
import { RecoverDto } from '../../delivery/api/delivery.dto';
import { RecoveryService } from '../../delivery/api/recovery.service';
import { ReplayDto } from '../../delivery/api/replay.dto';
import { ReplayService } from '../../delivery/api/replay.service';
import { NoSuchPageError } from '../console.errors';
import { Field } from '../layout/components';
import { confirmPage } from '../layout/confirm';
import type { PageContext, PageResponse } from '../page';
import { secretPage } from './endpoint-form.page';
import { faultsOf, type FormFaults, readAs } from './form-faults';

/** What asks once more before it is done to an endpoint. */
interface Action {
  title: string;
  button: string;
  isDangerous?: boolean;
  /** Says what will happen to the receiver of this URL. */
  says: (url: string, context: PageContext) => ComponentChildren;
  run: (id: string, context: PageContext) => Promise<PageResponse>;
}

const ACTIONS: Record<string, Action> = {
  rotate: {
    title: 'Rotate the secret',
    button: 'Make a new secret',
    says: (url) => (
      <>
        <p>
          Events to <strong>{url}</strong> are signed with a new secret. The one so far signs too for 24
          hours: change your receiver meanwhile.
        </p>
        <label>
          <input type="checkbox" name="force" /> If five secrets sign already, end the oldest of them now
        </label>
      </>
    ),
    run: rotate,
  },
  disable: {
    title: 'Disable the endpoint',
    button: 'Disable the endpoint',
    isDangerous: true,
    says: (url) => (
      <p>
        Nothing more is delivered to <strong>{url}</strong>. Events wait for it, as long as the log is kept;
        enabled again, it goes on where it stopped.
      </p>
    ),
    run: async (id, context) => {
      await context.get(EndpointChangeService).change(id, { status: 'disabled' });
      return { redirect: `/endpoints/${id}?done=endpoint-disabled` };
    },
  },
  delete: {
    title: 'Delete the endpoint',
    button: 'Delete the endpoint',
    isDangerous: true,
    says: (url) => (
      <p>
        <strong>{url}</strong> gets nothing more, and is forgotten with its secrets and deliveries. This
        cannot be undone. The log stays.
      </p>
    ),
    run: async (id, context) => {
      await context.get(EndpointChangeService).delete(id);
      return { redirect: '/endpoints?done=endpoint-deleted' };
    },
  },
  replay: {
    title: 'Replay events',
    button: 'Deliver them again',
    says: (url, context) => (
      <>
        <p>
          <strong>{url}</strong> gets every event again that was appended since a time, or after an event.
          Your receiver must expect repetitions: the <code>webhook-id</code> is the same.
        </p>
        <Since context={context} hint="In UTC, such as 2026-11-30T00:00:00Z." />
        <Field label="Or after the event" name="after" hint="Its id.">
          {(described) => (
            <input {...described} name="after" value={context.form.get('after') ?? ''} maxLength={100} />
          )}
        </Field>
      </>
    ),
    run: replay,
  },
  recover: {
    title: 'Recover dead deliveries',
    button: 'Try them again',
    says: (url, context) => (
      <>
        <p>
          Dead deliveries to <strong>{url}</strong> are tried again, and waiting ones now.
        </p>
        <Since context={context} hint="Optional, in UTC. Only events that were appended since then." />
      </>
    ),
    run: recover,
  },
};

function Since({ context, hint }: { context: PageContext; hint: string }): VNode {
  return (
    <Field label="Since" name="since" hint={hint}>
      {(described) => (
        <input {...described} name="since" value={context.form.get('since') ?? ''} maxLength={40} />
      )}
    </Field>
  );
}

function actionOf({ params }: PageContext): Action {
  const name = params.action!;
  if (!Object.hasOwn(ACTIONS, name)) throw new NoSuchPageError();
  return ACTIONS[name]!;
}

export async function endpointActionPage(
  context: PageContext,
  faults: FormFaults = {},
): Promise<PageResponse> {
  const { id, action } = context.params as { id: string; action: string };
  const { title, button, isDangerous = false, says } = actionOf(context);
  const { url } = await context.get(EndpointService).get(id);
  return confirmPage(context, {
    title,
    button,
    isDangerous,
    action: `/endpoints/${id}/${action}`,
    back: `/endpoints/${id}`,
    children: says(url, context),
    fault: Object.values(faults).join('; ') || undefined,
  });
}

export async function runEndpointAction(context: PageContext): Promise<PageResponse> {
  const { run } = actionOf(context);
  try {
    return await run(context.params.id!, context);
  } catch (error) {
    return endpointActionPage(context, faultsOf(error, []));
  }
}

/** Nothing is lost by it, so it does not ask once more. */
export async function enableEndpoint(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  await context.get(EndpointChangeService).change(id, { status: 'enabled' });
  return { redirect: `/endpoints/${id}?done=endpoint-enabled` };
}

async function rotate(id: string, context: PageContext): Promise<PageResponse> {
  const { secret, warnings } = await context
    .get(EndpointChangeService)
    .rotateSecret(id, context.form.has('force'));
  return secretPage({ id, secret, warnings, title: 'The new secret' });
}

async function replay(id: string, context: PageContext): Promise<PageResponse> {
  const request = await readAs(ReplayDto, fieldsOf(context, ['after', 'since']));
  await context.get(ReplayService).replay(id, request);
  return { redirect: `/endpoints/${id}?done=replay-begun` };
}

async function recover(id: string, context: PageContext): Promise<PageResponse> {
  const { since } = await readAs(RecoverDto, fieldsOf(context, ['since']));
  await context.get(RecoveryService).recover(id, since);
  return { redirect: `/endpoints/${id}?done=recovery-begun` };
}

function fieldsOf({ form }: PageContext, names: string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of names) {
    const value = form.get(name)?.trim();
    if (value) fields[name] = value;
  }
  return fields;
}
