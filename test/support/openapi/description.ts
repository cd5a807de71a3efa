import { readFileSync } from 'node:fs';
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/**
 * The description as docs/openapi.json has it, with the answers that several operations share in each of them.
 * `npm run check` keeps that file in step with the code.
 */
export const description: any = unshared(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));

/** An operation of the description. */
export interface Operation {
  id: string;
  /** `GET`, … */
  method: string;
  /** With the names of its parameters in braces. */
  path: string;
  described: any;
}

export const OPERATIONS: Operation[] = Object.entries<any>(description.paths).flatMap(([path, item]) =>
  Object.entries<any>(item).map(([method, described]) => ({
    id: described.operationId,
    method: method.toUpperCase(),
    path,
    described,
  })),
);

/** The keywords of OpenAPI that JSON Schema does not know: they say nothing of what is valid. */
const ANNOTATIONS = ['example', 'externalDocs', ...Object.keys(description)];

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  discriminator: true,
  strictRequired: false,
  strictTypes: false,
});
addFormats(ajv);
ajv.addVocabulary(ANNOTATIONS);
ajv.addSchema(closed(description), 'openapi');

/**
 * What is wrong with a value, in one line for each fault; none when it is exactly as described: what the description does not
 * mention is a fault too.
 *
 * @param place where the schema is in the description, name by name
 */
export function faultsOf(value: unknown, place: readonly string[]): string[] {
  const validate = schemaAt(place);
  return validate(value) ? [] : (validate.errors ?? []).map(toLine);
}

function schemaAt(place: readonly string[]): ValidateFunction {
  const pointer = place.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const validate = ajv.getSchema(`openapi#${encodeURI(pointer)}`);
  if (!validate) throw new Error(`docs/openapi.json has no schema at ${pointer}`);
  return validate;
}

function toLine({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || 'the whole'} ${message} ${JSON.stringify(params)}`;
}

function unshared({ paths, ...rest }: any): any {
  for (const { responses } of Object.values<any>(paths).flatMap((item) => Object.values<any>(item)))
    for (const [status, { $ref }] of Object.entries<any>(responses))
      if ($ref) responses[status] = rest.components.responses[$ref.split('/').at(-1)];
  return { ...rest, paths };
}

/**
 * A copy in which no object may have more than what is described. Those who read may not rely on it (there will be
 * more fields); who writes the description shall have forgotten nothing.
 */
function closed(value: any, insideAllOf = false): any {
  if (Array.isArray(value)) return value.map((item) => closed(item, insideAllOf));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries<any>(value).map(([name, child]) => [name, closed(child, name === 'allOf')]),
  );
  // Ajv finds the schema by the `const` of the property itself, and knows no mapping.
  if (copy.discriminator) delete copy.discriminator.mapping;
  const isObject = copy.type === 'object' || copy.properties !== undefined || copy.allOf !== undefined;
  const isPart = insideAllOf || copy.oneOf !== undefined;
  if (isObject && !isPart && copy.additionalProperties === undefined && !copy.$ref)
    copy.unevaluatedProperties = false;
  return copy;
}
