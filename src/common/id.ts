import { TypeID, typeid } from 'typeid-js';

/** The prefixes of the contract: mailbox, event, endpoint, delivery, connect session; and API key. */
export type IdPrefix = 'mbx' | 'evt' | 'end' | 'dlv' | 'cns' | 'key';

/** A new id such as `mbx_01h455vb4pex5vsknk084sn02q` (a TypeID: a UUIDv7, so ids sort by their time of creation). */
export function newId(prefix: IdPrefix): string {
  return typeid(prefix).toString();
}

/** Whether the text has the form of an id with this prefix. Says nothing of whether the thing exists. */
export function isId(prefix: IdPrefix, text: string): boolean {
  try {
    TypeID.fromString(text, prefix);
    return true;
  } catch {
    return false;
  }
}
