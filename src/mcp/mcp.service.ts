import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiAccessHook } from '../access/api-access.hook';
import { InvalidValueError } from '../common/inboxwire.error';
import { MCP_ROUTE } from '../common/mcp-route';
import { ServerSettings } from '../config/settings';
import { answerForms } from './answer-forms';
import { AgentServerLoader } from './agent-server.loader';
import { ForbiddenOriginError } from './mcp.errors';

/** Of the messages of one request, all of which are worked on at once. */
const MAX_BATCH = 20;

/** Takes the calls of agents, each by itself: whichever replica gets it can answer it. */
@Injectable()
export class McpService {
  constructor(
    private readonly servers: AgentServerLoader,
    private readonly access: ApiAccessHook,
    private readonly settings: ServerSettings,
  ) {}

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { origin } = request.headers;
    const { publicUrl } = this.settings;
    if (origin !== undefined && origin !== publicUrl) throw new ForbiddenOriginError(publicUrl);
    if (Array.isArray(request.body)) await this.countBatch(request.body.length, request, reply);
    const server = await this.servers.get();
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { accept = '*/*' } = request.headers;
    const forms = answerForms(accept);
    // The SDK wants to read both names, whichever form it is told to give.
    const names = forms.json || forms.stream ? 'application/json, text/event-stream' : accept;
    const web = this.toWebRequest(request, names);
    const response = await server.answer(web, request.body ?? null, forms, {
      caller: request.caller!,
      requestId: String(request.id),
      signal: gone.signal,
    });
    // Fastify sends it as it is, with the headers that every answer has.
    void reply.send(response);
  }

  /** Each message is a request; the first one was counted when it came in. */
  private async countBatch(length: number, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (length > MAX_BATCH)
      throw new InvalidValueError('', `A batch must not have more than ${MAX_BATCH} messages.`);
    for (let n = 1; n < length; n++) await this.access.count(request, reply);
  }

  /** The body is parsed already. */
  private toWebRequest({ headers }: FastifyRequest, accept: string): Request {
    const version = headers['mcp-protocol-version'];
    return new Request(`${this.settings.publicUrl}${MCP_ROUTE}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        ...(version !== undefined && { 'mcp-protocol-version': String(version) }),
      },
    });
  }
}
