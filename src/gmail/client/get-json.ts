import { request } from 'undici';
import type { RequestOptions, Send } from './gmail-request.service';
import { parseJson } from './gmail-response';

/**
 * One GET of JSON by `request` of undici: these calls are made for every change, and `fetch` with a zipped answer costs
 * four times as much of the processor (decision 0030). What they answer fits into a few packets, zipped or not.
 */
export async function getJson(url: string, { headers, signal }: RequestOptions): ReturnType<Send> {
  const response = await request(url, { headers: { ...headers, accept: 'application/json' }, signal });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, data: parseJson(text) ?? text };
}
