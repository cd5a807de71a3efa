import { InboxwireError } from '../common/inboxwire.error';

/** Labels of the filter are gone from the mailbox. Thrown when none is left, else reported beside the watch with the rest. */
export class LabelMissingError extends InboxwireError {
  constructor(missing: string[], left: string[]) {
    const gone = `The mailbox no longer has ${missing.join(', ')}`;
    const rest =
      left.length > 0
        ? `: the filter is now ${left.join(', ')}. PUT the watch with the labels that are wanted.`
        : ', and the filter names nothing else. PUT the watch with labels that exist, or with none for every change.';
    super('label_missing', gone + rest);
  }
}

/** Google did not do what was asked, for a reason that the message explains. */
export class GoogleRefusedError extends InboxwireError {
  constructor(message: string, cause: unknown) {
    super('google_refused', message, { cause, retryable: true });
  }
}
