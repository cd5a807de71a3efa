import { FollowedEvents, type FollowOptions } from './follow-events.js';
import { createClient } from './generated/client/index.js';
import { Operations, type Options } from './generated/sdk.gen.js';
import type { GetAttachmentData } from './generated/types.gen.js';
import { InboxwireProblem } from './problem.js';

export interface InboxwireOptions {
  /** Where Inboxwire is, such as `https://inboxwire.example.com`. */
  baseUrl: string;
  /** An API key, or what gives the one of the moment. */
  apiKey: string | (() => string | Promise<string>);
  /** Instead of the global one: for a proxy, or for tests. */
  fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Inboxwire's API: a method for each operation, by its name there. Each takes `{ path, query, body, headers, signal }` as far
 * as the operation has them, and gives what was answered.
 *
 * @throws InboxwireProblem when the answer is an error
 */
export class Inboxwire extends Operations {
  /** @throws TypeError when `baseUrl` is no URL */
  constructor({ baseUrl, apiKey, fetch }: InboxwireOptions) {
    const client = createClient({
      baseUrl: new URL(baseUrl).href.replace(/\/+$/, ''),
      auth: apiKey,
      throwOnError: true,
      ...(fetch && { fetch }),
    });
    client.interceptors.error.use((error, response) =>
      response && !response.ok ? new InboxwireProblem(response, error) : error,
    );
    super({ client });
  }

  /**
   * The events as they come, for as long as anybody wants them: lost connections are made again and go on where they
   * broke, so that no event is left out or comes twice.
   *
   *     for await (const event of inboxwire.followEvents({ after })) …
   */
  followEvents(options: FollowOptions = {}): FollowedEvents {
    return new FollowedEvents(
      {
        oldest: async (signal) => (await this.listEvents({ query: { limit: 1 }, signal })).data[0],
        stream: (query, lastEventId, signal) =>
          this.client.get({
            url: '/v1/events/stream',
            query,
            headers: { accept: 'text/event-stream', 'last-event-id': lastEventId },
            security: [{ scheme: 'bearer', type: 'http' }],
            parseAs: 'stream',
            throwOnError: true,
            signal,
          }),
      },
      options,
    );
  }

  /** An attachment's bytes, of whatever type they say they are. `parseAs: 'stream'` gives them as they come. */
  override getAttachment<ThrowOnError extends boolean = true>(
    options: Options<GetAttachmentData, ThrowOnError>,
  ) {
    return super.getAttachment<ThrowOnError>({ parseAs: 'blob', ...options });
  }
}
