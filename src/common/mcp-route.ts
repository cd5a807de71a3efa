/** Where agents call, in a protocol of their own: https://modelcontextprotocol.io */
export const MCP_ROUTE = '/mcp';
