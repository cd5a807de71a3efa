import { InboxwireError } from './common/inboxwire.error';

/** The address of the settings cannot be listened on until a person changes something. */
export class ListenError extends InboxwireError {
  constructor(message: string, cause: unknown) {
    super('cannot_listen', message, { cause });
  }
}

type Remedy = (host: string, port: number) => string;

const noAddress: Remedy = (host) =>
  `HOST=${host} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all addresses.`;

const REMEDIES: Record<string, Remedy> = {
  EADDRINUSE: (host, port) =>
    `Another program listens on ${host}:${port} already. Stop it, or set PORT to a port that is free.`,
  EACCES: (_, port) =>
    `This process may not listen on port ${port}. Set PORT to one from 1024 on, or give it the right.`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
};

/** What a person has to do about an error of `listen`; the error itself when it is none of these. */
export function explainListenError(error: unknown, host: string, port: number): unknown {
  const remedy = REMEDIES[String((error as NodeJS.ErrnoException).code)];
  return remedy ? new ListenError(remedy(host, port), error) : error;
}
