import type { EndpointPace } from './endpoint-pace';

/** How many attempts of an endpoint may begin before the first one has ended. */
export const PLACES_OF_UNKNOWN = 4;

/** The places of this process for attempts: as many for quick endpoints as for slow ones. */
export interface Places {
  /** For all quick endpoints together, and likewise for all slow ones. */
  total: number;
  /** For one endpoint at most. */
  perEndpoint: number;
}

/** What one endpoint may claim. */
export interface Share {
  endpointId: string;
  /** How many more. */
  places: number;
  busy: number;
  isSlow: boolean;
}

export interface Shares {
  /** How many more quick endpoints may claim, all together. */
  free: number;
  /** Of each endpoint that is known or busy. Of those with equal claims, the first one comes first. */
  shares: Share[];
}

/**
 * Nobody delays anybody else. Quick endpoints share places that are soon free again. An endpoint that becomes slow gives
 * its places back to them: what it holds counts among the slow ones from then on, which share as many places equally. An
 * endpoint of which nothing is known begins with few.
 *
 * @param contenders how many endpoints had something due when it was last looked for. Of each quick one, no more rows are
 *   locked than about twice what it can get: with hundreds of them, a claim would lock thousands of rows to take a few.
 */
export function shareOut(
  busy: ReadonlyMap<string, number>,
  pace: EndpointPace,
  places: Places,
  contenders = 1,
): Shares {
  const all = [...new Set([...pace.known, ...busy.keys()])].map((endpointId) => {
    const isSlow = pace.isSlow(endpointId);
    const most = isSlow === undefined ? Math.min(PLACES_OF_UNKNOWN, places.perEndpoint) : places.perEndpoint;
    return { endpointId, busy: busy.get(endpointId) ?? 0, isSlow: isSlow ?? false, most };
  });
  const [slow, quick] = [all.filter(({ isSlow }) => isSlow), all.filter(({ isSlow }) => !isSlow)];
  const free = Math.max(0, places.total - sumOf(quick));
  const fairShare = Math.max(1, Math.floor(places.total / Math.max(1, slow.length)));
  let left = Math.max(0, places.total - sumOf(slow));
  const shares = slow
    .toSorted((one, other) => one.busy - other.busy)
    .map((endpoint) => {
      const more = Math.min(left, Math.max(0, Math.min(endpoint.most, fairShare) - endpoint.busy));
      left -= more;
      return { ...endpoint, places: more };
    });
  const likely = Math.max(PLACES_OF_UNKNOWN, Math.ceil((2 * free) / Math.max(1, contenders)));
  for (const endpoint of quick)
    shares.push({ ...endpoint, places: Math.min(free, likely, Math.max(0, endpoint.most - endpoint.busy)) });
  return { free, shares };
}

function sumOf(endpoints: { busy: number }[]): number {
  return endpoints.reduce((sum, { busy }) => sum + busy, 0);
}
