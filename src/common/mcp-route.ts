/** Where agents call, in a protocol of their own: https://modelcontextprotocol.io */
export const MCP_ROUTE = '/mcp';

/** Some clients of agents write a slash behind every address. */
export const withoutSlash = ({ url = '/' }: { url?: string }): string =>
  url === `${MCP_ROUTE}/` ? MCP_ROUTE : url;
