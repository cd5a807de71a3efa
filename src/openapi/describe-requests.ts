import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from '../common/http/operations';

/**
 * Says of each operation that asks for no key that it asks for none, as silence could be an oversight, and that lists
 * in a query are comma separated.
 */
export function describeRequests(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    operation.security ??= [];
    for (const parameter of operation.parameters ?? [])
      if (!('$ref' in parameter) && parameter.in === 'query' && isList(parameter.schema))
        Object.assign(parameter, { style: 'form', explode: false });
  }
  return document;
}

function isList(schema: object | undefined): boolean {
  return schema !== undefined && 'type' in schema && schema.type === 'array';
}
