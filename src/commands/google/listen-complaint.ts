/** What a person has to do about an error of `listen`; undefined when it is no matter of the port. */
export function listenComplaint(error: unknown, port: number): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Another program listens on 127.0.0.1:${port} already. Stop it, or give another --port.`;
  if (code === 'EACCES') return `This process may not listen on port ${port}. Give a --port from 1024 on.`;
  return undefined;
}
