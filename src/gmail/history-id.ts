/** The highest id that the database can hold; Gmail's are far below. */
const MAX_HISTORY_ID = 2n ** 63n - 1n;

/** Reads a history id, which is a decimal number. @returns undefined when it is none, or one that cannot be kept */
export function readHistoryId(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || !/^\d{1,19}$/.test(text)) return undefined;
  const id = BigInt(text);
  return id <= MAX_HISTORY_ID ? id : undefined;
}
