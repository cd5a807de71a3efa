import { MCP_ROUTE } from '../common/mcp-route';

/** A link that owners get, and what a chat or a sentence has put behind it: a full stop, a bracket, a slash, a space. */
const LINK_AND_MORE = /^(\/connect\/[\w-]{43})[^\w?#-][^?#]*/;

/**
 * Some clients of agents write a slash behind every address; what makes links of text takes the end of a sentence along.
 *
 * @returns the path and query that were meant
 */
export function meantUrl({ url = '/' }: { url?: string }): string {
  return url === `${MCP_ROUTE}/` ? MCP_ROUTE : url.replace(LINK_AND_MORE, '$1');
}
