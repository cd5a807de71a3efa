/** What is said after something was done, by the `done` of the page's address: no text of anybody else's gets there. */
export const NOTICES: Readonly<Record<string, string | undefined>> = Object.assign(
  Object.create(null) as Record<string, string>,
  {
    'sync-requested': 'A sync was asked for. What it finds appears in the timeline within moments.',
    'filter-changed': 'The watch has the new filter.',
    disconnecting:
      'The mailbox is being disconnected: its watch is stopped, then its grant revoked and erased.',
    erasing: 'The mailbox is being erased. Its last event, mailbox.erased, says when nothing is left.',
    'endpoint-changed': 'The endpoint was changed.',
    'endpoint-enabled': 'The endpoint is enabled, and goes on where it stopped.',
    'endpoint-disabled': 'The endpoint is disabled: events wait for it.',
    'endpoint-deleted': 'The endpoint was deleted.',
    'replay-begun': 'The events are being delivered again.',
    'recovery-begun': 'Dead deliveries are being tried again.',
    'retry-requested': 'The delivery is tried again.',
    'key-revoked': 'The key was revoked: nobody gets in with it any more.',
  },
);
