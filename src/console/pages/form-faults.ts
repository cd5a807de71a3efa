import { InboxwireError, InvalidValueError } from '../../common/inboxwire.error';
import { ValidationFailedError } from '../../http/http.errors';
import { validationPipe } from '../../http/validation';

/** What is wrong with a form: by field, and on the whole under the empty name. */
export type FormFaults = Record<string, string>;

/** The same class, and so the same rules, as the body of the API. @throws ValidationFailedError */
export function readAs<T>(dto: new () => T, fields: object): Promise<T> {
  return validationPipe.transform(fields, { type: 'body', metatype: dto }) as Promise<T>;
}

/**
 * What a service refuses, to be shown beside the fields that it concerns.
 *
 * @param fields the names of those that the form has
 * @throws the error, when it is none of the form's
 */
export function faultsOf(error: unknown, fields: readonly string[]): FormFaults {
  if (!(error instanceof InboxwireError)) throw error;
  const faults: FormFaults = {};
  const add = (path: string, message: string) => {
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`)) ?? '';
    faults[field] = faults[field] === undefined ? message : `${faults[field]}; ${message}`;
  };
  if (error instanceof ValidationFailedError)
    for (const { path, message } of error.errors) add(path, message);
  else add(error instanceof InvalidValueError ? error.path : '', error.message);
  return faults;
}
