import { Injectable } from '@nestjs/common';
import { ValidationFailedError } from '../http/http.errors';
import type { ProblemDetail } from '../http/problem';
import { MAX_NAMED, unknownId } from '../http/unknown-id';
import { spellingsOf } from './email-address';
import { MailboxReferenceStore, type NamedMailbox } from './mailbox-reference.store';

/** How many faults are explained at once. */
const MAX_EXPLAINED = 100;

/**
 * Ids of mailboxes in requests. One that no mailbox has would only make something that never finds anything: it is refused,
 * with the id that was meant where an address or an external id was given.
 */
@Injectable()
export class MailboxReferenceService {
  constructor(private readonly store: MailboxReferenceStore) {}

  /** @param path the field that takes one id, if it is given at all @throws ValidationFailedError */
  async require(path: string, id: string | null | undefined): Promise<void> {
    const faults = await this.faults(path, id);
    if (faults.length > 0) throw new ValidationFailedError(faults);
  }

  /** The same as `require`, for what an erased mailbox can never have again. @throws ValidationFailedError */
  async requireNotErased(path: string, id: string | null | undefined): Promise<void> {
    await this.require(path, id);
    if (id === undefined || id === null || !(await this.store.isErased(id))) return;
    const message = `the mailbox ${id} is erased: leave ${path} out, and the account becomes a new mailbox`;
    throw new ValidationFailedError([{ path, message }]);
  }

  /** @param path the field that takes a list of ids @throws ValidationFailedError */
  async requireAll(path: string, ids: readonly string[]): Promise<void> {
    const unknown = ids.length > 0 ? await this.store.unknown(ids) : [];
    if (unknown.length === 0) return;
    const shown = unknown.slice(0, MAX_EXPLAINED);
    const messages = await this.explain(
      path,
      shown.map((position) => ids[position]!),
    );
    throw new ValidationFailedError(
      shown.map((position, n) => ({ path: `${path}.${position}`, message: messages[n]! })),
    );
  }

  /** The same as `require`, for those who have more to check. */
  async faults(path: string, id: string | null | undefined): Promise<ProblemDetail[]> {
    if (id === undefined || id === null || (await this.store.unknown([id])).length === 0) return [];
    return [{ path, message: (await this.explain(path, [id]))[0]! }];
  }

  private async explain(path: string, texts: readonly string[]): Promise<string[]> {
    const [meant, first] = await Promise.all([
      this.store.meant(texts.flatMap(spellingsOf), texts),
      this.store.first(MAX_NAMED + 1),
    ]);
    const existing = first.map(({ id, emailAddress }) => ({ id, name: emailAddress ?? 'erased' }));
    return texts.map(
      (text) =>
        asAddress(path, text, meant) ??
        asExternalId(path, text, meant) ??
        unknownId(text, { kind: 'mailbox', list: '/v1/mailboxes', existing }),
    );
  }
}

function asAddress(path: string, text: string, meant: readonly NamedMailbox[]): string | undefined {
  const spellings = spellingsOf(text);
  const found = meant.find(({ emailAddress }) => emailAddress !== null && spellings.includes(emailAddress));
  return found && `${path} takes ids (mbx_…): ${text} is the address of the mailbox ${found.id}`;
}

function asExternalId(path: string, text: string, meant: readonly NamedMailbox[]): string | undefined {
  const found = meant.find(({ externalId }) => externalId === text);
  return found && `${path} takes ids (mbx_…): ${text} is the externalId of the mailbox ${found.id}`;
}
