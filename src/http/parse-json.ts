import { parse as parseTolerantly, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { MalformedBodyError } from './http.errors';

/** @throws MalformedBodyError with the place of the fault */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBodyError(findFault(text), error);
  }
}

/** Where the text stops being JSON. JSON.parse says so in some cases only, and cites the body, which may hold secrets. */
function findFault(text: string): string {
  const faults: ParseError[] = [];
  try {
    parseTolerantly(text, faults, { disallowComments: true });
  } catch {
    // It calls itself for each level, and so runs out of stack where JSON.parse does not.
    return 'its nesting, which is too deep to say where';
  }
  const [{ offset, error } = { offset: text.length, error: 0 }] = faults;
  const before = text.slice(0, offset).split('\n');
  const what = error === 0 ? '' : ` (${inWords(printParseErrorCode(error))})`;
  return `line ${before.length}, column ${before.at(-1)!.length + 1}${what}`;
}

/** `CommaExpected` → `comma expected` */
function inWords(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
