import { InboxwireError } from './inboxwire.error';

/** An address cannot be listened on until a person changes something. */
export class ListenError extends InboxwireError {
  constructor(message: string, cause: unknown) {
    super('cannot_listen', message, { cause });
  }
}

/** An address, and how a person sets its port: the setting `PORT` or the option `--port`. */
interface ListenAddress {
  host: string;
  port: number;
  portName: string;
}

type Remedy = (address: ListenAddress) => string;

const noAddress: Remedy = ({ host }) =>
  `HOST=${host} is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all addresses.`;

const REMEDIES: Record<string, Remedy> = {
  EADDRINUSE: ({ host, port, portName }) =>
    `Another program listens on ${host}:${port} already. Stop it, or set ${portName} to a port that is free.`,
  EACCES: ({ port, portName }) =>
    `This process may not listen on port ${port}. Set ${portName} to one from 1024 on, or give it the right.`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
};

/** What a person has to do about an error of `listen`; the error itself when it is none of these. */
export function explainListenError(error: unknown, address: ListenAddress): unknown {
  const remedy = REMEDIES[String((error as NodeJS.ErrnoException).code)];
  return remedy ? new ListenError(remedy(address), error) : error;
}
