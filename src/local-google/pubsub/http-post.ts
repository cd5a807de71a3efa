import { request as plainRequest, type Agent as PlainAgent, type ClientRequest } from 'node:http';
import { request as secureRequest, type Agent as SecureAgent } from 'node:https';

export interface Agents {
  http: PlainAgent;
  https: SecureAgent;
}

/** Posts and returns the status, or null when there was no answer in time. A 102 counts as an answer. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  timeoutMs: number,
  agents: Agents,
): Promise<number | null> {
  const secure = url.startsWith('https:');
  const options = { method: 'POST', headers: { ...headers, 'content-length': body.length } };
  const outgoing = secure
    ? secureRequest(url, { ...options, agent: agents.https })
    : plainRequest(url, { ...options, agent: agents.http });
  const timer = setTimeout(() => outgoing.destroy(), timeoutMs);
  try {
    return await statusOf(outgoing, body);
  } finally {
    clearTimeout(timer);
  }
}

function statusOf(outgoing: ClientRequest, body: Buffer): Promise<number | null> {
  return new Promise((resolve) => {
    outgoing.on('information', (info) => info.statusCode === 102 && resolve(102));
    outgoing.on('error', () => resolve(null));
    outgoing.on('close', () => resolve(null));
    outgoing.on('response', (response) => {
      response.resume();
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(response.statusCode ?? null));
    });
    outgoing.end(body);
  });
}
