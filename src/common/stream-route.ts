/** The one route whose answers last as long as their reader likes. */
export const STREAM_ROUTE = '/v1/events/stream';
