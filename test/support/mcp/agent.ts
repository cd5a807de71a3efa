import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Event } from '../api-types';

/** What a tool gave, as most clients see it. */
export interface ToolResult<Result> {
  isError: boolean;
  /** Of a tool, or a problem. */
  result: Result;
}

/** What the tools give that wait for an event, and problems. */
export interface AnyResult extends Record<string, unknown> {
  event: Event | null;
  cursor: string | null;
  errors?: { path: string }[];
}

/** The official client, which holds every result to the schema of its tool. */
export class Agent {
  private constructor(readonly client: Client) {}

  static async connect(origin: string, key: string): Promise<Agent> {
    const client = new Client({ name: 'test', version: '1' });
    const headers = { authorization: `Bearer ${key}` };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit: { headers } }),
    );
    await client.listTools();
    return new Agent(client);
  }

  async tools(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  async call<Result = AnyResult>(
    name: string,
    input: Record<string, unknown> = {},
    signal?: AbortSignal,
  ): Promise<ToolResult<Result>> {
    const result = (await this.client.callTool({ name, arguments: input }, undefined, {
      signal,
      timeout: 100_000,
    })) as CallToolResult;
    const { content, structuredContent, isError = false } = result;
    const [block] = content;
    // Both forms say the same.
    expect(JSON.parse((block as { text: string }).text)).toEqual(structuredContent);
    return { isError, result: structuredContent as Result };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

const ACCEPT = 'application/json, text/event-stream';

/** A request as it is, without the client. */
export function postMcp(
  origin: string,
  body: string | object,
  headers: Record<string, string | undefined> = {},
): Promise<Response> {
  const all = { accept: ACCEPT, 'content-type': 'application/json', ...headers };
  const given = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  return fetch(`${origin}/mcp`, {
    method: 'POST',
    headers: given,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
