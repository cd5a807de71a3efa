import type { ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { distance } from 'fastest-levenshtein';
import type { ProblemDetail } from './problem';

/** The checks that say what type a value has to be of. */
const TYPES = ['isArray', 'isObject', 'isString', 'isInt', 'isNumber', 'isBoolean', 'isRfc3339'];

/** What class-validator found, in sentences that say what to do. */
export function validationDetails(error: ValidationError, above: string[] = []): ProblemDetail[] {
  const steps = [...above, error.property];
  const path = steps.join('.');
  const own = messagesOf(error).map((message) => ({ path, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => validationDetails(child, steps))];
}

function messagesOf({ constraints = {}, property, value, target }: ValidationError): string[] {
  if ('whitelistValidation' in constraints) return [unknownField(property, fieldsOf(target))];
  // Whatever else it should have been: it is not there.
  if (value === undefined && Object.keys(constraints).length > 0) return [`${property} is required`];
  // What has another type has none of the other properties either.
  const type = TYPES.find((name) => name in constraints);
  return type === undefined ? Object.values(constraints) : [constraints[type]!];
}

/** No field has a longer name: what is longer is not compared with them. */
const MAX_NAME_LENGTH = 100;

/** Names the field that was meant, if one is near enough, or else those that there are. */
export function unknownField(name: string, fields: readonly string[]): string {
  if (fields.length === 0) return `${name} is unknown: nothing can be given here`;
  if (name.length > MAX_NAME_LENGTH) return `${name} is unknown: there are ${fields.join(', ')}`;
  const nearest = fields.toSorted((a, b) => farFrom(name, a) - farFrom(name, b))[0]!;
  return farFrom(name, nearest) <= Math.max(name.length, nearest.length) / 2
    ? `${name} is unknown: did you mean ${nearest}?`
    : `${name} is unknown: there are ${fields.join(', ')}`;
}

/** How much is to be typed differently; 1 when only the end is missing, or too much. */
function farFrom(name: string, field: string): number {
  const [a, b] = [name.toLowerCase(), field.toLowerCase()];
  return a.startsWith(b) || b.startsWith(a) ? 1 : distance(a, b);
}

function fieldsOf(target: object | undefined): string[] {
  if (!target) return [];
  const checks = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  return [...new Set(checks.map(({ propertyName }) => propertyName))];
}
