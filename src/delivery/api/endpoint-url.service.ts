import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../../common/inboxwire.error';
import { DeliverySettings } from '../../config/settings';
import { isAddress, isForbiddenAddress } from '../egress/forbidden-address';
import { NameResolver } from '../egress/name-resolver';
import { TOPIC_SCHEME, topicOf } from '../egress/topic-url';

/** How long the name of a receiver is looked up before its endpoint is accepted nevertheless. */
const LOOKUP_TIMEOUT_MS = 3_000;

/**
 * Names that are internal whatever they resolve to here: https://www.rfc-editor.org/rfc/rfc6761,
 * https://www.rfc-editor.org/rfc/rfc6762, https://www.rfc-editor.org/rfc/rfc8375 and ICANN's `.internal`.
 */
const INTERNAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/;

/** A name without a dot is one of the own network, such as a container's. */
const isLocalName = (hostname: string) => !isAddress(hostname) && !hostname.includes('.');

const forbidden = (message: string) => new InvalidValueError('url', message, 'endpoint_url_forbidden');

function checkTopic(url: string): void {
  if (topicOf(url) === undefined)
    throw new InvalidValueError('url', 'must be a topic such as pubsub://projects/PROJECT/topics/TOPIC');
}

/** Checks the URL of an endpoint when it is registered. Each connection is checked again when it is made. */
@Injectable()
export class EndpointUrlService {
  constructor(
    private readonly settings: DeliverySettings,
    private readonly names: NameResolver,
  ) {}

  /** @throws InvalidValueError when the URL is not one that may be delivered to */
  async check(text: string): Promise<void> {
    const url = URL.parse(text);
    if (!url) throw new InvalidValueError('url', 'must be a URL');
    if (url.protocol === TOPIC_SCHEME) return checkTopic(text);
    if (!['http:', 'https:'].includes(url.protocol))
      throw forbidden(
        'must be an http or https URL, or a topic such as pubsub://projects/PROJECT/topics/TOPIC',
      );
    if (url.username || url.password) throw forbidden('must not carry credentials');
    if (this.settings.allowPrivateEndpoints) return;
    if (await this.isInternal(url.hostname))
      throw forbidden(
        `${url.hostname} is on a loopback, private or otherwise internal address. Set ALLOW_PRIVATE_ENDPOINTS=true if that is meant.`,
      );
  }

  /** Whether what is sent there can be read on its way through the internet. A name that does not resolve counts as public. */
  async isPlainOnPublicHost(text: string): Promise<boolean> {
    const { protocol, hostname } = new URL(text);
    if (protocol !== 'http:') return false;
    // Nothing else was let in.
    if (!this.settings.allowPrivateEndpoints) return true;
    return !isLocalName(hostname) && !(await this.isInternal(hostname));
  }

  private async isInternal(hostname: string): Promise<boolean> {
    if (isAddress(hostname)) return isForbiddenAddress(hostname);
    return INTERNAL_NAME.test(hostname) || (await this.lookUp(hostname)).some(isForbiddenAddress);
  }

  /** A name that does not resolve is accepted: the receiver may come later, and no connection is made without a check. */
  private async lookUp(hostname: string): Promise<string[]> {
    const addresses = this.names.resolve(hostname).catch(() => []);
    const answer = await Promise.race([addresses, delay(LOOKUP_TIMEOUT_MS, [], { ref: false })]);
    return answer.map(({ address }) => address);
  }
}
