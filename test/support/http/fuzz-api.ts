import fc from 'fast-check';
import { percentEncoded, uglyJson, uglyQuery, uglyText, uglyUrlPart } from './fuzz';
import { nameOf, type OpenApiDocument, type Schema } from '../openapi/openapi-document';
import type { RawRequest } from './raw-request';

/** Requests for every route of `/v1` as an OpenAPI document describes them: what it asks for, what it does not, and worse. */
export class ApiRequests {
  /**
   * @param text what is likely to be meant by a parameter or a field of text with this name
   * @param id the same of an id within a path
   */
  constructor(
    private readonly description: OpenApiDocument,
    private readonly text: (name: string) => string[],
    private readonly id: (method: string, path: string) => string[],
  ) {}

  get routes(): [string, string][] {
    return Object.entries(this.description.paths)
      .filter(([path]) => path.startsWith('/v1'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method): [string, string] => [method, path]));
  }

  any(): fc.Arbitrary<RawRequest> {
    return fc.oneof(...this.routes.map(([method, path]) => this.request(method, path)));
  }

  private request(method: string, path: string): fc.Arbitrary<RawRequest> {
    const { parameters = [], requestBody } = this.description.paths[path]![method]!;
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const query = Object.fromEntries<fc.Arbitrary<string>>(
      inQuery.map(({ name, schema }) => [
        name,
        this.value(name, schema).map((value) =>
          percentEncoded(typeof value === 'string' ? value : JSON.stringify(value)),
        ),
      ]),
    );
    const known = fc.constantFrom(
      'mbx_x',
      'evt_',
      'x'.repeat(499),
      'x'.repeat(501),
      ...this.id(method, path),
    );
    const schema = requestBody?.content?.['application/json']?.schema;
    const anyQuery = uglyQuery(query);
    // Where there is nothing to ask for, whatever is asked for is refused.
    const asked =
      inQuery.length > 0
        ? anyQuery
        : fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: anyQuery });
    return fc.record({
      method: fc.constant(method.toUpperCase()),
      path: fc
        .tuple(fc.oneof({ weight: 2, arbitrary: known }, { weight: 1, arbitrary: uglyUrlPart }), asked)
        .map(([id, rest]) => `${path.replace(/\{\w+\}/, id)}?${rest}`),
      body: this.body(schema),
    });
  }

  private body(schema: Schema | undefined): fc.Arbitrary<string | undefined> {
    const broken = fc.constantFrom(
      '',
      '{',
      'null',
      '[]',
      '{"a":'.repeat(20_000),
      '['.repeat(9_000) + ']'.repeat(9_000),
    );
    const any = fc.oneof(
      uglyJson.map((value) => JSON.stringify(value)),
      broken,
    );
    if (!schema) return fc.option(any, { freq: 3, nil: undefined });
    return fc.oneof(
      { weight: 6, arbitrary: this.fields(schema).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: any },
    );
  }

  /** An object with some of the fields, now and then one that is wrong, and rarely one that nobody asked for. */
  private fields(schema: Schema): fc.Arbitrary<unknown> {
    const { properties = {} } = this.resolve(schema);
    const fields = Object.entries(properties).map(([name, field]) => [name, this.value(name, field)]);
    const meant = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: [],
    });
    const others = fc.oneof(
      { weight: 18, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(uglyText, uglyJson, { maxKeys: 2 }) },
      {
        weight: 1,
        arbitrary: fc.constant(
          JSON.parse('{"__proto__":{"url":1},"constructor":{"prototype":{}}}') as object,
        ),
      },
    );
    return fc
      .tuple(meant, others)
      .map(([some, more]): unknown => Object.assign(Object.create(null) as object, some, { ...more }));
  }

  private value(name: string, schema: Schema): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 10, arbitrary: this.meant(name, schema) },
      { weight: 2, arbitrary: uglyJson },
      // As serializers of many languages write what is not set.
      { weight: 1, arbitrary: fc.constant(null) },
    );
  }

  private meant(name: string, schema: Schema): fc.Arbitrary<unknown> {
    const { type, enum: choices, items, minimum = 0, maximum = 1_000 } = this.resolve(schema);
    if (choices) return fc.constantFrom(...choices);
    switch (Array.isArray(type) ? type[0] : type) {
      case 'number':
        return fc.oneof(fc.double({ min: minimum, max: maximum, noNaN: true }), fc.integer(), fc.double());
      case 'integer':
        return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.integer(), fc.double());
      case 'array':
        return fc.array(this.value(name, items!), { maxLength: 4 });
      case 'string':
        return fc.oneof(fc.constantFrom(...this.text(name)), uglyText);
      case undefined:
      default:
        return uglyJson;
    }
  }

  private resolve(schema: Schema): Schema {
    const { $ref, allOf } = schema;
    if (allOf) return allOf.reduce<Schema>((all, part) => ({ ...all, ...this.resolve(part) }), {});
    return $ref === undefined ? schema : this.description.components.schemas[nameOf({ $ref })]!;
  }
}
