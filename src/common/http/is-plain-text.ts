import { ValidateBy } from 'class-validator';

/** Accepts text of a sensible length without control characters, which PostgreSQL or a header could not hold. */
export function IsPlainText(maximum: number, options: { each?: boolean } = {}): PropertyDecorator {
  return ValidateBy(
    { name: 'isPlainText', validator: { validate: (value) => isPlainText(value, maximum) } },
    { message: `must be text of 1 to ${maximum} characters, without control characters`, ...options },
  );
}

function isPlainText(value: unknown, maximum: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= maximum && !/\p{Cc}/u.test(value);
}
