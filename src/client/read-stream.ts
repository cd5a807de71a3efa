import { createParser } from 'eventsource-parser';
import { InboxwireProblem } from './problem.js';

/** What ends with a blank line. One without data only shows how far the log has been read. */
export interface Block {
  id: string;
  data?: string;
}

export interface Connection {
  /** Milliseconds without a byte after which the connection counts as dead. */
  silenceLimit: number;
  /** Aborting it closes the connection. */
  signal: AbortSignal | undefined;
  /** Called when the stream has begun. */
  onOpen: () => void;
  /** Called with the milliseconds after which the service wants its clients back. */
  onRetry: (milliseconds: number) => void;
}

/**
 * One connection to the stream, block by block, until the service ends it. Nothing is read ahead of whoever takes the
 * blocks, beyond what came in one piece; a block that has not come whole has not come.
 *
 * @throws whatever breaks it; InboxwireProblem when it was refused
 */
export async function* readStream(
  open: (signal: AbortSignal) => Promise<{ response: Response }>,
  { silenceLimit, signal, onOpen, onRetry }: Connection,
): AsyncGenerator<Block, void, undefined> {
  const opening = new AbortController();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  // Once there is an answer, Node's fetch may have forgotten the signal (it holds it weakly): what is read is cancelled.
  const close = () => {
    opening.abort();
    reader?.cancel().catch(() => undefined);
  };
  signal?.addEventListener('abort', close);
  try {
    const { response } = await soon(open(opening.signal), silenceLimit);
    reader = response.body?.getReader();
    if (!reader || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw new InboxwireProblem(response, undefined);
    onOpen();
    const blocks: Block[] = [];
    const parser = createParser({
      onId: (id) => blocks.push({ id }),
      // Comes directly after the id of the same block.
      onEvent: ({ id, data }) => id !== undefined && (blocks.at(-1)!.data = data),
      onRetry,
    });
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await soon(reader.read(), silenceLimit);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* blocks.splice(0);
    }
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

function soon<T>(promise: Promise<T>, limit: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The stream was silent for ${limit} ms.`)), limit);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
