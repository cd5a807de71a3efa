import { applyDecorators, type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { InvalidValueError } from '../common/inboxwire.error';
import { ValidationFailedError } from './http.errors';
import type { ProblemDetail } from './problem';
import { validationDetails } from './validation-details';
import { IsOptional, ValidateBy, ValidateIf } from 'class-validator';

/**
 * @param path the field that it comes from
 * @param text RFC 3339
 * @returns milliseconds since the epoch
 * @throws InvalidValueError for a time that looks like one and is none, such as the 30th of February
 */
export function readTime(path: string, text: string): number {
  const time = Date.parse(text);
  const day = text.slice(0, 10);
  // `Date` takes the 30th of February for the 2nd of March.
  const isDay = new Date(Date.parse(`${day}T00:00:00Z`) || 0).toISOString().startsWith(day);
  if (Number.isNaN(time) || !isDay) throw new InvalidValueError(path, `${path} must be a time that exists`);
  return time;
}

/** Null is a way of leaving it out, as serializers of many languages write it: whoever reads the field sees undefined. */
export const IsOptionalOrNull = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }): unknown => value ?? undefined),
  );

/** Unlike `IsOptional`, null is no way of leaving it out. */
export const IsOptionalNotNull = (): PropertyDecorator =>
  ValidateIf((_dto, value: unknown) => value !== undefined);

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

/** Accepts lists without repetitions. `ArrayUnique` compares each item with all before it, however many were sent. */
export function IsWithoutRepetitions(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isWithoutRepetitions',
      validator: { validate: (value) => !Array.isArray(value) || new Set(value).size === value.length },
    },
    { message: "All $property's elements must be unique" },
  );
}

/** How deep a value may be nested; the deepest that any class asks for is the filter of an endpoint: 8 objects, and lists between them. */
const MAX_DEPTH = 20;

/** How many fields an object may have, far more than any class: to make one of a body, each field is compared with all before it. */
const MAX_FIELDS = 1_000;

/** What the pipe of Nest takes out without a word, whatever was meant by it. */
const REMOVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Bodies and queries are stored or compared in PostgreSQL, whose text holds every character but NUL; and they are walked
 * through by recursion. In a path neither matters: what is no id names nothing, and is answered 404.
 */
class StorableValuePipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const fault = this.toValidate(metadata) ? unstorable(value, []) : undefined;
    if (fault) throw new ValidationFailedError([fault]);
    return super.transform(value, metadata);
  }
}

/** The first thing within a value that cannot be stored, or not even be walked to. */
function unstorable(value: unknown, path: string[]): ProblemDetail | undefined {
  const fault = (message: string) => ({ path: path.join('.'), message });
  if (typeof value === 'string')
    return value.includes('\0') ? fault('must not contain NUL characters') : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length === MAX_DEPTH) return fault('is nested too deep');
  const entries = Object.entries(value);
  if (!Array.isArray(value) && entries.length > MAX_FIELDS)
    return fault(`must not have more than ${MAX_FIELDS} fields`);
  for (const [key, part] of entries) {
    const found = unstorableKey(key, path) ?? unstorable(part, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

function unstorableKey(key: string, path: string[]): ProblemDetail | undefined {
  const fault = (message: string) => ({ path: [...path, key].join('.'), message });
  if (REMOVED_KEYS.has(key)) return fault(`${key} is the name of no field`);
  return key.includes('\0') ? fault('must not have a name with NUL characters') : undefined;
}

/** How many faults of one request are reported. */
export const MAX_EXPLAINED = 100;

/** Checks bodies and queries against their classes; unknown fields are refused, so that a typing error is noticed. */
export const validationPipe = new StorableValuePipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  // The sentences need both; neither leaves.
  validationError: { target: true, value: true },
  exceptionFactory: (errors) =>
    new ValidationFailedError(
      errors
        .slice(0, MAX_EXPLAINED)
        .flatMap((error) => validationDetails(error))
        .slice(0, MAX_EXPLAINED),
    ),
});
