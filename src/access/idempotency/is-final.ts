/**
 * Whether the answer is that of the request for good, and would be the same again. What failed on our side, or asks to
 * be sent again, was not done: it is done when it comes again.
 *
 * @param retryAfter whether the answer says when to come again
 */
export function isFinal(status: number, retryAfter: boolean): boolean {
  return status < 500 && status !== 429 && !retryAfter;
}
