import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from '../http/api-problems';
import { operationsOf } from '../http/operations';

type Property = { example?: unknown; default?: unknown; examples?: unknown[] };
type Model = { properties?: Record<string, Property>; required?: string[] };

/**
 * Swagger UI fills in every example that it finds, and sends it. So what may be left out is left out: an optional parameter shows its
 * example without being one, and the body that is proposed has what is required and no more.
 */
export function describeTryOut(document: OpenAPIObject): OpenAPIObject {
  const models = (document.components?.schemas ?? {}) as Record<string, Model>;
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? [])
      if (!('$ref' in parameter) && !parameter.required) showExample(parameter);
    proposeBody(operation, models);
  }
  return document;
}

function showExample(parameter: { example?: unknown; schema?: object | undefined }): void {
  const schema = (parameter.schema ?? {}) as Property;
  const example = parameter.example ?? schema.example;
  delete parameter.example;
  delete schema.example;
  if (example !== undefined) parameter.schema = { ...schema, examples: [example] };
}

function proposeBody({ requestBody }: Operation, models: Record<string, Model>): void {
  const content =
    requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  if (!content?.schema || !('$ref' in content.schema)) return;
  const { properties = {}, required = [] } = models[content.schema.$ref.split('/').pop()!] ?? {};
  const proposed = required.map((name) => [name, properties[name]?.example] as const);
  if (proposed.every(([, example]) => example !== undefined)) content.example = Object.fromEntries(proposed);
}
