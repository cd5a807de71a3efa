import { InboxwireError } from '../inboxwire.error';

/** The request lacks the key, or brings a wrong one. The answer does not say which. */
export class ApiKeyRequiredError extends InboxwireError {
  constructor() {
    super('unauthorized', 'Send the API key as `Authorization: Bearer <API_KEY>`.');
  }
}
