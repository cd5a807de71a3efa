import { setGlobalProxyFromEnv } from 'node:http';
import type { GoogleSettings } from './settings';

/**
 * Leads `fetch` of https URLs through the proxy of HTTPS_PROXY, in the whole process: Google is all that is fetched. Deliveries
 * have agents of their own and are not concerned: a proxy would look up the names of receivers, and nobody could check where
 * they lead.
 *
 * @returns what undoes it
 */
export function useProxy({ proxy }: GoogleSettings): () => void {
  if (!proxy) return () => undefined;
  return setGlobalProxyFromEnv({ HTTPS_PROXY: proxy.url, NO_PROXY: proxy.exceptions });
}
