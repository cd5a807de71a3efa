import type { OpenAPIObject } from '@nestjs/swagger';

/** Schemas by name: Nest lists them as it comes across them, which any new controller would change. */
export function inOrder(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {}, ...components } = document.components ?? {};
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...document, components: { ...components, schemas: Object.fromEntries(sorted) } };
}
