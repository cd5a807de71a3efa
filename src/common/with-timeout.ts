/**
 * The promise's own outcome, or an error when it takes too long. What it stands for goes on unseen.
 *
 * @param milliseconds how long it may take
 * @param late the error to throw after that
 */
export async function withTimeout<T>(
  promise: Promise<T>,
  milliseconds: number,
  late: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
