/** What the parts of the API are for, in the order in which somebody needs them. */
export const TAGS = {
  Connecting: 'How the owner of a mailbox gives access to it, once',
  Mailboxes: 'The mailboxes that are connected, their watches and how far they have been read',
  Events: 'The log: what has happened in the mailboxes, as a list and as a stream',
  Webhooks: 'What your receivers get: a signed POST for each event, at least once',
  Endpoints: 'Receivers of webhooks: where events are delivered to',
  Deliveries: 'What has become of each event at each endpoint',
  Mail: 'Messages, labels and attachments, read through from Gmail and kept nowhere',
  'API keys': 'Who may use this API, and for what',
  Webhook: 'Where Google Cloud Pub/Sub delivers the notifications of Gmail',
  Health: 'For what runs and watches the service',
};
