import type { OpenAPIObject } from '@nestjs/swagger';

type SchemaOrReference = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
export type Schema = Exclude<SchemaOrReference, { $ref: string }>;

/** An object with these properties, all of them there but for the optional ones. */
export function object(
  properties: Record<string, SchemaOrReference>,
  { optional = [], description }: { optional?: string[]; description?: string } = {},
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties,
    ...(required.length > 0 && { required }),
  };
}

export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const text = (description?: string): Schema => ({
  type: 'string',
  ...(description && { description }),
});

/** A whole number that may be too large for a number of JSON. */
export const digits = (description: string): Schema => ({ type: 'string', pattern: '^\\d+$', description });

export const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });

/** One of these words and nothing else. */
export const oneOf = (words: readonly string[], description?: string): Schema => ({
  type: 'string',
  enum: [...words],
  ...(description && { description }),
});

export const count = (description: string, minimum = 0): Schema => ({
  type: 'integer',
  minimum,
  description,
});

export const list = (items: SchemaOrReference, description: string): Schema => ({
  type: 'array',
  items,
  description,
});

/** The same, or null. */
export function orNull(schema: SchemaOrReference, description?: string): Schema {
  if ('type' in schema && typeof schema.type === 'string')
    return { ...schema, type: [schema.type, 'null'], ...(description && { description }) };
  return { ...(description && { description }), anyOf: [schema, { type: 'null' }] };
}
