import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { InboxwireError } from '../inboxwire.error';
import type { ProblemDetail } from './problem';

/** A body or query that does not have its shape: every fault, each with its path. */
export class ValidationFailedError extends InboxwireError {
  constructor(readonly errors: ProblemDetail[]) {
    super('validation_failed', errors.map(({ path, message }) => `${path}: ${message}`).join('; '));
  }
}

/** Checks bodies and queries against their classes; unknown fields are refused, so that a typing error is noticed. */
export const validationPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) => new ValidationFailedError(errors.flatMap((error) => details(error, []))),
});

function details(error: ValidationError, above: string[]): ProblemDetail[] {
  const path = [...above, error.property];
  const own = Object.values(error.constraints ?? {}).map((message) => ({ path: path.join('.'), message }));
  return [...own, ...(error.children ?? []).flatMap((child) => details(child, path))];
}
