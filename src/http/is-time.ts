import { isRFC3339, ValidateBy } from 'class-validator';

const EXAMPLE = 'such as 2026-11-22T09:00:00Z';

/** Of a query, in which a plus sign stands for a space. */
const LOST_PLUS = /:\d\d(\.\d+)? \d\d:\d\d$/;
/** As Python and SQL write a time of which nobody knows where. */
const NO_ZONE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/i;

/** Accepts times of RFC 3339. Whether there is such a day is for `readTime` to say. */
export function IsTime(): PropertyDecorator {
  return ValidateBy(
    { name: 'isTime', validator: { validate: isRFC3339 } },
    { message: ({ value }) => `must be a time in RFC 3339, ${hint(String(value))}` },
  );
}

function hint(value: string): string {
  if (LOST_PLUS.test(value)) return 'and the + of its zone is written %2B in a query';
  return NO_ZONE.test(value) ? `with its hour and its zone, ${EXAMPLE}` : EXAMPLE;
}
