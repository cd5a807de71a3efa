import { DELIVERED_ONLY_TYPES, EVENT_TYPES } from '../../../src/event/event.types';
import { description, faultsOf } from './description';
import type { DescribedMedia } from './openapi-document';

type JsonPath = string[];

/** Every schema beside an example, or with examples of its own, and where both are. */
function examples(
  value: unknown,
  place: JsonPath = [],
): { schema: JsonPath; example: unknown; at: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const found: ReturnType<typeof examples> = [];
  const add = (schema: JsonPath, example: unknown, ...at: string[]) =>
    found.push({ schema, example, at: [...place, ...at].join(' ') });
  const media: DescribedMedia = value;
  const beside = media.schema ? [...place, 'schema'] : place;
  if (isDescribed(value)) {
    if (media.example !== undefined) add(beside, media.example, 'example');
    for (const [name, example] of Object.entries(media.examples ?? {}))
      add(beside, media.schema ? example.value : example, 'examples', name);
  }
  for (const [name, child] of Object.entries(value) as [string, unknown][])
    if (name !== 'example' && name !== 'examples') found.push(...examples(child, [...place, name]));
  return found;
}

const isDescribed = (value: object) =>
  ['schema', 'type', '$ref', 'anyOf', 'oneOf', 'allOf'].some((key) => key in value);

describe('the examples of the description', () => {
  const all = examples(description);

  it('are as their schemas have it, with nothing that those do not mention', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(
      all.flatMap(({ schema, example, at }) => faultsOf(example, schema).map((fault) => `${at}: ${fault}`)),
    ).toEqual([]);
  });
});

describe('the webhooks of the description', () => {
  it('are one for each type of event', () => {
    expect(Object.keys(description.webhooks).sort()).toEqual(
      [...EVENT_TYPES, ...DELIVERED_ONLY_TYPES].sort(),
    );
  });
});
