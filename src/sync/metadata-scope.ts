import type { GoogleSettings } from '../config/settings';

/** The one Gmail scope that allows neither bodies, nor the names of attachments, nor searches. */
const METADATA_SCOPE = 'https://www.googleapis.com/auth/gmail.metadata';

export function onlyMetadataScope({ gmailScopes }: GoogleSettings): boolean {
  return gmailScopes.every((scope) => scope === METADATA_SCOPE);
}
