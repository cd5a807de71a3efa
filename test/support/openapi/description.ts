import { readFileSync } from 'node:fs';
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type DescribedOperation, nameOf, type OpenApiDocument, type Reference } from './openapi-document';

/**
 * The description as docs/openapi.json has it, with the answers that several operations share in each of them.
 * `npm run check` keeps that file in step with the code.
 */
export const description = unshared(JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as OpenApiDocument);

/** An operation of the description. */
export interface Operation {
  id: string;
  /** `GET`, … */
  method: string;
  /** With the names of its parameters in braces. */
  path: string;
  described: DescribedOperation;
}

export const OPERATIONS: Operation[] = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, described]) => ({
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

function unshared(document: OpenApiDocument): OpenApiDocument {
  for (const { responses } of Object.values(document.paths).flatMap((item) => Object.values(item)))
    for (const [status, response] of Object.entries(responses))
      if ('$ref' in response)
        responses[status] = document.components.responses[nameOf(response as Reference)]!;
  return document;
}

/**
 * A copy in which no object may have more than what is described. Those who read may not rely on it (there will be
 * more fields); who writes the description shall have forgotten nothing.
 */
function closed<T>(value: T, insideAllOf?: boolean): T;
function closed(value: unknown, insideAllOf = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => closed(item, insideAllOf));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> & { discriminator?: { mapping?: unknown } } = Object.fromEntries(
    Object.entries(value).map(([name, child]: [string, unknown]) => [name, closed(child, name === 'allOf')]),
  );
  // Ajv finds the schema by the `const` of the property itself, and knows no mapping.
  if (copy.discriminator) delete copy.discriminator.mapping;
  const isObject = copy.type === 'object' || copy.properties !== undefined || copy.allOf !== undefined;
  const isPart = insideAllOf || copy.oneOf !== undefined;
  if (isObject && !isPart && copy.additionalProperties === undefined && !copy.$ref)
    copy.unevaluatedProperties = false;
  return copy;
}
