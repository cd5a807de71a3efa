import type { EventType } from '../event/event.types';
import { LOGGED_EVENTS } from '../event/schema/event-schemas';

const PREFIX = 'inboxwire://schemas/events/';
const TYPE = 'application/schema+json';
const ALL = 'all';

interface Resource {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
}

/** A schema for each type of event in the log, and one for any of them. */
export const EVENT_RESOURCES: Resource[] = [
  resource(ALL, 'Any event', 'The JSON Schema of every event of the log, known by its `type`'),
  ...Object.entries(LOGGED_EVENTS).map(([type, { summary }]) =>
    resource(type, type, `JSON Schema. ${summary}`),
  ),
];

function resource(name: string, title: string, description: string): Resource {
  return { uri: `${PREFIX}${name}`, name, title, description, mimeType: TYPE };
}

/**
 * @param schemas of the API's description
 * @returns undefined when there is no such resource
 */
export function readEventResource(
  uri: string,
  schemas: Record<string, unknown>,
): { uri: string; mimeType: string; text: string } | undefined {
  if (!EVENT_RESOURCES.some((one) => one.uri === uri)) return undefined;
  const type = uri.slice(PREFIX.length);
  const name = type === ALL ? 'Event' : LOGGED_EVENTS[type as EventType].name;
  return { uri, mimeType: TYPE, text: JSON.stringify(standalone(name, schemas)) };
}

/** A schema with everything that it refers to. */
function standalone(name: string, schemas: Record<string, unknown>): object {
  const $defs: Record<string, unknown> = {};
  const take = (wanted: string) => {
    if (wanted in $defs) return;
    const text = JSON.stringify(schemas[wanted]);
    $defs[wanted] = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'));
    for (const [, next] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) take(next!);
  };
  take(name);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $ref: `#/$defs/${name}`, $defs };
}
