import { RefusalWait } from '../../../src/gmail/client/refusal-wait';
import type { TestApp } from '../test-app';

/** What Google refuses without naming a time is asked for again soon: the waits in between grow as ever, from less. */
export function hastenRetries({ service }: TestApp): void {
  service.application.get(RefusalWait, { strict: false }).minRetryMs = 20;
}
