import type { VNode } from 'preact';
import { type ApiKeyDto, CreateApiKeyDto } from '../../access/key/api-key.dto';
import { ApiKeyService } from '../../access/key/api-key.service';
import { SCOPES } from '../../access/key/scope';
import type { Page } from '../../http/page';
import { Copyable, Empty, Field, Form, Notice, Pager, Panel, Pill, Table, Time } from '../layout/components';
import { confirmPage } from '../layout/confirm';
import { link } from '../layout/format';
import type { PageContext, PageResponse } from '../page';
import { faultsOf, type FormFaults, readAs } from './form-faults';
import { given, PAGE_SIZE } from './list-query';

const FIELDS = ['name', 'scopes', 'expiresAt'] as const;

export async function apiKeysPage(context: PageContext, faults: FormFaults = {}): Promise<PageResponse> {
  const cursor = given(context, 'cursor');
  const page = await context.get(ApiKeyService).list({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
  const content = (
    <>
      <h1>API keys</h1>
      <Panel title="Keys" aside="the API_KEY of the settings is none of them">
        {page.data.length === 0 ? (
          <Empty title="No key yet">Make one for each application, and keep the API_KEY for yourself.</Empty>
        ) : (
          <KeyTable page={page} now={context.now} />
        )}
        <Pager path="/api-keys" query={{ cursor }} next={page.nextCursor} />
      </Panel>
      <Panel title="Make a key">
        <NewKey context={context} faults={faults} />
      </Panel>
    </>
  );
  return { title: 'API keys', content, status: Object.keys(faults).length > 0 ? 400 : 200 };
}

function KeyTable({ page, now }: { page: Page<ApiKeyDto>; now: Date }): VNode {
  return (
    <Table
      caption="API keys"
      rows={page.data}
      columns={[
        { name: 'Name', cell: ({ name }) => name },
        { name: 'Ends with', cell: ({ hint }) => <code>{hint}</code> },
        { name: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
        { name: 'Status', cell: (key) => <KeyState apiKey={key} now={now} /> },
        { name: 'Last used', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} now={now} none="never" /> },
        { name: 'Expires', cell: ({ expiresAt }) => <Time at={expiresAt} now={now} none="never" /> },
        {
          name: 'Revoke',
          cell: ({ id, name, revokedAt }) =>
            revokedAt === null ? (
              <a href={link(`/api-keys/${id}/revoke`)} aria-label={`Revoke ${name}`}>
                Revoke…
              </a>
            ) : (
              <Time at={revokedAt} now={now} />
            ),
        },
      ]}
    />
  );
}

function KeyState({ apiKey: { revokedAt, expiresAt }, now }: { apiKey: ApiKeyDto; now: Date }): VNode {
  if (revokedAt !== null) return <Pill tone="calm">Revoked</Pill>;
  if (expiresAt !== null && new Date(expiresAt) <= now) return <Pill tone="calm">Expired</Pill>;
  return <Pill tone="good">Good</Pill>;
}

const SCOPE_NAMES = {
  read: 'read: shows everything',
  write: 'write: changes everything but keys, and reads',
  admin: 'admin: manages keys too',
};

function NewKey({ context, faults }: { context: PageContext; faults: FormFaults }): VNode {
  const { form } = context;
  return (
    <Form context={context} action="/api-keys" class="fields">
      {faults[''] && <Notice tone="bad">{faults['']}</Notice>}
      <Field
        label="Name"
        name="name"
        hint="What it is for: you will read it in the list."
        error={faults.name}
      >
        {(described) => (
          <input {...described} name="name" value={form.get('name') ?? ''} required maxLength={100} />
        )}
      </Field>
      <Field label="Scope" name="scopes" error={faults.scopes}>
        {(described) => (
          <select {...described} name="scopes">
            {SCOPES.map((scope) => (
              <option value={scope} selected={scope === form.get('scopes')}>
                {SCOPE_NAMES[scope]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Expires at"
        name="expiresAt"
        hint="Optional, in UTC, such as 2027-12-31T00:00:00Z. Left out: never."
        error={faults.expiresAt}
      >
        {(described) => (
          <input {...described} name="expiresAt" value={form.get('expiresAt') ?? ''} maxLength={40} />
        )}
      </Field>
      <div>
        <button class="button primary">Make the key</button>
      </div>
    </Form>
  );
}

export async function createApiKey(context: PageContext): Promise<PageResponse> {
  const { form } = context;
  const expiresAt = form.get('expiresAt')?.trim();
  try {
    const request = await readAs(CreateApiKeyDto, {
      name: form.get('name')?.trim() ?? '',
      scopes: form.getAll('scopes'),
      ...(expiresAt && { expiresAt }),
    });
    const { key, name } = await context.get(ApiKeyService).create(request);
    const content = (
      <>
        <h1>The key is there</h1>
        <Panel title={name} aside="shown this once">
          <Copyable value={key} label="API key" />
          <p>
            The application sends it as Authorization: Bearer. When it is lost, make another one and revoke
            this.
          </p>
          <p>
            <a class="button primary" href={link('/api-keys')}>
              To the keys
            </a>
          </p>
        </Panel>
      </>
    );
    return { title: 'The key is there', content };
  } catch (error) {
    return apiKeysPage(context, faultsOf(error, FIELDS));
  }
}

export async function revokePage(context: PageContext): Promise<PageResponse> {
  const { id, name, hint } = await context.get(ApiKeyService).get(context.params.id!);
  return confirmPage(context, {
    title: `Revoke ${name}`,
    action: `/api-keys/${id}/revoke`,
    back: '/api-keys',
    button: 'Revoke the key',
    isDangerous: true,
    children: (
      <p>
        Nobody gets in any more with the key <strong>{name}</strong> that ends with <code>{hint}</code>, and
        streams and consoles that it opened end. This cannot be undone.
      </p>
    ),
  });
}

export async function revoke(context: PageContext): Promise<PageResponse> {
  await context.get(ApiKeyService).revoke(context.params.id!);
  return { redirect: '/api-keys?done=key-revoked' };
}
