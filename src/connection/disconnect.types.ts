/** The steps of a disconnect, in their order: the watch first, since the revoked grant could not stop it any more. */
export const DISCONNECT_STEPS = ['stop', 'revoke', 'erase'] as const;

export type DisconnectStep = (typeof DISCONNECT_STEPS)[number];

/** A disconnect that this replica has claimed. */
export interface ClaimedDisconnect {
  mailboxId: string;
  step: DisconnectStep;
  /** How often the step has failed in a row. */
  failures: number;
}

/** The step after this one; undefined after the last. */
export function stepAfter(step: DisconnectStep): DisconnectStep | undefined {
  return DISCONNECT_STEPS[DISCONNECT_STEPS.indexOf(step) + 1];
}
