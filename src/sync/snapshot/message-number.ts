/**
 * Gmail's ids of messages and threads are 64-bit numbers in hex. Documented they are as opaque strings, so that any other
 * form has to be lived with: it has no number.
 *
 * @returns the number with a sign, as PostgreSQL's bigint, in decimal; undefined when the id is no such number
 */
export function messageNumber(id: string): string | undefined {
  return /^(0|[1-9a-f][0-9a-f]{0,15})$/.test(id)
    ? BigInt.asIntN(64, BigInt(`0x${id}`)).toString()
    : undefined;
}

/** The id that has this number. */
export function messageIdOf(number: string): string {
  return BigInt.asUintN(64, BigInt(number)).toString(16);
}
