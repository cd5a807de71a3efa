import { eventually } from '../eventually';
import type { TestApp } from '../test-app';

/**
 * Reads the list as an application does, page by page, while the writers commit.
 *
 * @param after the event after which it begins
 */
export function pollLog({ api }: Pick<TestApp, 'api'>, after: string | undefined) {
  const seen: string[] = [];
  let wanted = Infinity;
  const done = (async () => {
    let cursor = after;
    await eventually(
      async () => {
        const limit = String(1 + (seen.length % 7));
        const parameters = new URLSearchParams({ limit, ...(cursor !== undefined && { after: cursor }) });
        const { data, nextCursor } = await api.get(`/v1/events?${parameters.toString()}`);
        seen.push(...data.map(({ id }) => id));
        cursor = nextCursor ?? undefined;
        return seen.length >= wanted;
      },
      { timeout: 30_000 },
    );
  })();
  // Awaited below; a failure before that must not be an unhandled one.
  done.catch(() => undefined);
  return {
    until: async (count: number) => {
      wanted = count;
      await done;
      return seen;
    },
  };
}
