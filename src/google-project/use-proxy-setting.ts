import { acceptsProxy, proxyUrl } from '../config/accepted-values';
import { useProxy } from '../config/use-proxy';

/** Leads the calls of a command through the proxy of the settings, as the service does it. @returns what undoes it */
export function useProxySetting({ HTTPS_PROXY, NO_PROXY }: Record<string, string | undefined>): () => void {
  if (!HTTPS_PROXY || !acceptsProxy(HTTPS_PROXY)) return () => undefined;
  return useProxy({ proxy: { url: proxyUrl(HTTPS_PROXY), exceptions: NO_PROXY ?? '' } });
}
