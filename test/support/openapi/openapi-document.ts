/** An OpenAPI document, as far as tests read it. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, DescribedOperation>>;
  webhooks: Record<string, { post: { parameters: { $ref: string }[] } }>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, DescribedParameter>;
    responses: Record<string, DescribedResponse>;
    headers: Record<string, DescribedHeader>;
  };
}

export interface DescribedOperation {
  operationId: string;
  description: string;
  parameters?: DescribedParameter[];
  requestBody?: { content?: Record<string, DescribedMedia> };
  responses: Record<string, DescribedResponse>;
}

export interface DescribedParameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

export interface DescribedResponse {
  headers?: Record<string, DescribedHeader | Reference>;
  content?: Record<string, DescribedMedia>;
}

export interface DescribedHeader {
  required?: boolean;
  schema: Schema;
}

export interface DescribedMedia {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  type?: string | string[];
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
}

export interface Reference {
  $ref: string;
}

/** The last name of a reference, such as `Event` of `#/components/schemas/Event`. */
export function nameOf({ $ref }: Reference): string {
  return $ref.split('/').at(-1)!;
}
