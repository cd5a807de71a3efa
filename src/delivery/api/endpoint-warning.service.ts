import { Injectable } from '@nestjs/common';
import { EndpointUrlService } from './endpoint-url.service';
import { EndpointUrlStore } from './endpoint-url.store';
import { spellingsOfUrl } from './spellings-of-url';
import type { EndpointWarning } from '../endpoint/endpoint.types';

/** Finds what is allowed at an endpoint and is seldom meant. */
@Injectable()
export class EndpointWarningService {
  constructor(
    private readonly urls: EndpointUrlService,
    private readonly store: EndpointUrlStore,
  ) {}

  /** @param id of the endpoint with this URL; it need not be stored yet */
  async of(id: string, url: string): Promise<EndpointWarning[]> {
    const [twin, isPlain] = await Promise.all([this.twinOf(id, url), this.urls.isPlainOnPublicHost(url)]);
    return [...(twin === undefined ? [] : [duplicate(twin)]), ...(isPlain ? [PLAIN_HTTP] : [])];
  }

  /** Another endpoint that has the same URL, in whatever spelling. */
  private async twinOf(id: string, url: string): Promise<string | undefined> {
    const { href } = new URL(url);
    const candidates = await this.store.spelled(spellingsOfUrl(url), id);
    return candidates.find((other) => URL.parse(other.url)?.href === href)?.id;
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
