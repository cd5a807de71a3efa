import { ValidateIf } from 'class-validator';

/** Unlike `IsOptional`, null is no way of leaving it out. */
export const MayBeLeftOut = (): PropertyDecorator =>
  ValidateIf((_dto, value: unknown) => value !== undefined);
