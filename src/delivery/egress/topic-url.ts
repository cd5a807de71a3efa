/** An endpoint whose url is one of these is a topic: events are published to it. */
export const TOPIC_SCHEME = 'pubsub:';

/** Which names are good is for Pub/Sub to know, and its emulators allow more. */
const TOPIC = /^pubsub:\/\/(projects\/[^/\s?#@]+\/topics\/[^/\s?#@]+)$/;

/** The name of the topic that an endpoint's url stands for, such as `projects/P/topics/T`; undefined when it stands for none. */
export function topicOf(url: string): string | undefined {
  return TOPIC.exec(url)?.[1];
}
