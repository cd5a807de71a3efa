/** Only Google's settings are copied from examples that name a project. Ids of real projects are in small letters. */
const OF_GOOGLE = /^(GOOGLE|PUBSUB)_/;
const PLACEHOLDER = /(?<=^|[/@])(PROJECT|TOPIC|SUBSCRIPTION)(?=[/.]|$)/;

/** What of an example was left standing in a value; undefined when nothing was. */
export function placeholderIn(variable: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.includes('…')) return '…';
  return OF_GOOGLE.test(variable) ? PLACEHOLDER.exec(value)?.[0] : undefined;
}
