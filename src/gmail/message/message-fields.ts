import type { MessageDetail } from '../gmail.types';

/**
 * How deep the tree of parts is read without their bytes: forwards of forwards of mails with inline pictures stay within it.
 * The mask names each level, and a URL must not grow without end.
 */
export const MAX_DEPTH = 8;

/** Below the deepest level only the ids come: they show that there is more. */
function parts(own: string, depth: number): string {
  return depth === 0 ? `${own},parts(partId)` : `${own},parts(${parts(own, depth - 1)})`;
}

const MESSAGE = 'id,threadId,labelIds,snippet,historyId,internalDate,sizeEstimate';

/**
 * The `format` and `fields` of a `messages.get`. A `full` read costs the same 20 units as `metadata`, and with a mask
 * that leaves out the data it brings the attachments' names and no bodies.
 * @see https://developers.google.com/workspace/gmail/api/guides/performance#partial
 */
export function messageQuery(detail: MessageDetail): {
  format: 'minimal' | 'metadata' | 'full';
  fields: string;
} {
  switch (detail) {
    case 'minimal':
      return { format: 'minimal', fields: MESSAGE };
    case 'headers':
      return { format: 'metadata', fields: `${MESSAGE},payload(headers)` };
    case 'structure':
      return {
        format: 'full',
        fields: `${MESSAGE},payload(${parts('headers,mimeType,filename,body(attachmentId,size)', MAX_DEPTH)})`,
      };
    case 'bodies':
      return {
        format: 'full',
        fields: `${MESSAGE},payload`,
      };
  }
}
