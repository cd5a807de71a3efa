import { setGlobalProxyFromEnv } from 'node:http';
import { EnvHttpProxyAgent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { GoogleSettings } from './settings';

/**
 * Leads `fetch` and undici's `request` of https URLs through the proxy of HTTPS_PROXY, in the whole process: Google is all
 * that is fetched. Deliveries have agents of their own and are not concerned: a proxy would look up the names of receivers,
 * and nobody could check where they lead.
 *
 * @returns what undoes it
 */
export function useProxy({ proxy }: Pick<GoogleSettings, 'proxy'>): () => void {
  if (!proxy) return () => undefined;
  const withoutProxy = setGlobalProxyFromEnv({ HTTPS_PROXY: proxy.url, NO_PROXY: proxy.exceptions });
  const before = getGlobalDispatcher();
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpsProxy: proxy.url, noProxy: proxy.exceptions }));
  return () => {
    setGlobalDispatcher(before);
    withoutProxy();
  };
}
