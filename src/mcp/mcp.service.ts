import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadAdmissionHook } from '../access/read-admission.hook';
import { canChangeLabels } from '../auth/scopes';
import { InvalidValueError } from '../common/inboxwire.error';
import { MCP_ROUTE } from '../common/mcp-route';
import { GoogleSettings, ServerSettings } from '../config/settings';
import type { AgentServer } from './agent-server';
import { AgentServices } from './agent-services';
import { ApiSchemas } from './api-schemas';
import { ForbiddenOriginError } from './mcp.errors';

/** Of the messages of one request, all of which are worked on at once. */
const MAX_BATCH = 20;

/** Takes the calls of agents, each by itself: whichever replica gets it can answer it. */
@Injectable()
export class McpService {
  private server: Promise<AgentServer> | undefined;

  constructor(
    private readonly services: AgentServices,
    private readonly admission: ReadAdmissionHook,
    private readonly google: GoogleSettings,
    private readonly settings: ServerSettings,
    private readonly schemas: ApiSchemas,
  ) {}

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { origin } = request.headers;
    const { publicUrl } = this.settings;
    if (origin !== undefined && origin !== publicUrl) throw new ForbiddenOriginError(publicUrl);
    if (Array.isArray(request.body) && request.body.length > MAX_BATCH)
      throw new InvalidValueError('', `A batch must not have more than ${MAX_BATCH} messages.`);
    const server = await (this.server ??= this.load());
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const response = await server.answer(this.toWebRequest(request), request.body ?? null, {
      caller: request.caller!,
      requestId: String(request.id),
      signal: gone.signal,
    });
    // Fastify sends it as it is, with the headers that every answer has.
    void reply.send(response);
  }

  /** The SDK takes some 30 MB and a third of a second: only installations that agents call pay for it. */
  private async load(): Promise<AgentServer> {
    const { AgentServer } = await import('./agent-server.js');
    const { allTools } = await import('./tools/all-tools.js');
    return new AgentServer(
      allTools(this.services, canChangeLabels(this.google.gmailScopes)),
      this.admission,
      this.schemas,
    );
  }

  /** The body is parsed already. */
  private toWebRequest({ headers }: FastifyRequest): Request {
    const { accept = '*/*', 'mcp-protocol-version': version } = headers;
    return new Request(`${this.settings.publicUrl}${MCP_ROUTE}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // The SDK wants to read both names, also where everything is accepted.
        accept: /\*\/\*/.test(accept) ? 'application/json, text/event-stream' : accept,
        ...(version !== undefined && { 'mcp-protocol-version': String(version) }),
      },
    });
  }
}
