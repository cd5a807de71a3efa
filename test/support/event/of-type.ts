import type { Event } from '../api-types';

export type EventOf<Type extends string> = Extract<Event, { type: Type }>;
export type MessageEvent = EventOf<`message.${string}`>;

/** The same of a list of types with commas between them, as a query has it; all of them for any other text. */
export type EventOfTypes<Types extends string> = string extends Types
  ? Event
  : Types extends `${infer First},${infer Rest}`
    ? EventOf<First> | EventOfTypes<Rest>
    : EventOf<Types>;

export function ofType<Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** The same events. Fails when one of them is of another type. */
export function allOfType<Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type>[] {
  const others = events.filter((event) => event.type !== type);
  if (others.length > 0) throw new Error(`not of the type ${type}: ${JSON.stringify(others)}`);
  return ofType(events, type);
}

/** The message that an event is about; undefined for one that is about none. */
export function messageIdOf(event: Event | undefined): string | undefined {
  return event && 'messageId' in event.data ? event.data.messageId : undefined;
}
