/** The forms in which a client takes an answer: a JSON document, a stream of events. */
export interface AnswerForms {
  json: boolean;
  stream: boolean;
}

/**
 * The protocol wants clients to accept both. Some name only one, and get that.
 *
 * @param accept the header of that name
 */
export function answerForms(accept: string): AnswerForms {
  return {
    json: /\*\/\*|application\/(\*|json)/i.test(accept),
    stream: /\*\/\*|text\/(\*|event-stream)/i.test(accept),
  };
}
