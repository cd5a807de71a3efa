import type { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';

/**
 * Each run has a new local Google, which knows no grant of the runs before: to Inboxwire those mailboxes' grants are dead.
 * They are disconnected as an operator would do it, and connected anew later: same id, and their sequence goes on.
 */
export async function clearEarlierRuns(api: ApiClient): Promise<void> {
  for (const { id } of await all(api, '/v1/endpoints')) await api.delete(`/v1/endpoints/${id}`, 204);
  const left = (await all(api, '/v1/mailboxes')).filter(({ status }) => status !== 'disconnected');
  for (const { id } of left) await api.delete(`/v1/mailboxes/${id}`, 202);
  for (const { id } of left)
    await eventually(() => api.get(`/v1/mailboxes/${id}`), {
      timeout: 30_000,
      until: ({ status }) => status === 'disconnected',
    });
}

async function all(
  api: ApiClient,
  path: '/v1/endpoints' | '/v1/mailboxes',
): Promise<{ id: string; status: string }[]> {
  const { data } = await api.get(`${path}?limit=500`);
  return data;
}
