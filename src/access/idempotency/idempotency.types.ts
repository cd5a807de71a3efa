/** A request that asks to be done once. */
export interface KeyedRequest {
  /** Whose it is: the same key of another caller is another one. */
  callerId: string;
  key: string;
  fingerprint: Buffer;
  /** The mailbox that the path names: its answer leaves with the mailbox. */
  mailboxId: string | null;
}

/** An answer, as it was sent. */
export interface KeptResponse {
  status: number;
  contentType: string | null;
  body: string | null;
}

/** What is known of a request. */
export type IdempotencyState =
  /** It is the caller's to do, under this claim. */
  | { kind: 'claimed'; claim: string }
  /** It was done. */
  | { kind: 'answered'; answer: KeptResponse }
  /** It is being done. */
  | { kind: 'in_use' }
  /** The key came with another one. */
  | { kind: 'reused' };

declare module 'fastify' {
  interface FastifyRequest {
    /** The claim under which the request is being done, if it came with an `Idempotency-Key`. */
    idempotencyClaim: string | null;
  }
}
