import { createServer } from 'node:net';

/** The wanted port when nobody has it on loopback, else one that is free. */
export async function freePort(wanted = 0): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0))!;
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = server.address() as { port: number };
      server.close(() => resolve(taken.port));
    });
  });
}
