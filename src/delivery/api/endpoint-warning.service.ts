import { Injectable } from '@nestjs/common';
import { EndpointUrlService } from './endpoint-url.service';
import { EndpointUrlStore } from './endpoint-url.store';
import { canonicalUrl, spellingsOfUrl } from './spellings-of-url';
import type { EndpointWarning } from '../endpoint/endpoint.types';

/** Finds what is allowed at an endpoint and is seldom meant. */
@Injectable()
export class EndpointWarningService {
  constructor(
    private readonly urls: EndpointUrlService,
    private readonly store: EndpointUrlStore,
  ) {}

  /**
   * Looks the name of the host up, which may take seconds: never in a transaction, or the endpoint is locked meanwhile, and
   * nothing that is appended is shown.
   *
   * @param id of the endpoint; it need not be stored yet
   * @param given its URL from now on; undefined: the one that it has
   */
  async of(id: string, given?: string): Promise<EndpointWarning[]> {
    const url = given ?? (await this.store.urlOf(id));
    if (url === undefined) return [];
    const [twin, isPlain] = await Promise.all([this.twinOf(id, url), this.urls.isPlainOnPublicHost(url)]);
    return [...(twin === undefined ? [] : [duplicate(twin)]), ...(isPlain ? [PLAIN_HTTP] : [])];
  }

  /** Another endpoint that has the same URL, in whatever spelling. */
  private async twinOf(id: string, url: string): Promise<string | undefined> {
    const canonical = canonicalUrl(url);
    const candidates = await this.store.spelled(spellingsOfUrl(url), id);
    return candidates.find((other) => canonicalUrl(other.url) === canonical)?.id;
  }
}

const duplicate = (twin: string): EndpointWarning => ({
  code: 'duplicate_url',
  message: `The endpoint ${twin} has the same URL: the receiver gets each event twice that both subscribe to. Delete one of them unless that is meant.`,
});

const PLAIN_HTTP: EndpointWarning = {
  code: 'plain_http',
  message:
    'Events travel unencrypted to a public host: whoever is on the way can read mail and signatures. Use https.',
};
