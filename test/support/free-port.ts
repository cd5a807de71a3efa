import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any port: nothing takes one of these between
 * the look and the use. Each process begins somewhere else.
 */
const FIRST_PORT = 15_000;
const PORTS = 15_000;
let next = (process.pid * 37) % PORTS;

/** The wanted port when nobody has it on loopback, else one that is free. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await isFree(wanted))) return wanted;
  for (;;) {
    next = (next + 1) % PORTS;
    if (await isFree(FIRST_PORT + next)) return FIRST_PORT + next;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
