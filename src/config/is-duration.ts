import { registerDecorator } from 'class-validator';
import { parseDuration } from '../common/duration';

export interface DurationBounds {
  min: string;
  max: string;
  /** A comma-separated list, of at most so many. */
  list?: number;
}

/** Accepts a duration within the bounds, or with `list` several of them. Beyond its bounds a duration does harm. */
export function IsDuration({ min, max, list }: DurationBounds): PropertyDecorator {
  const range = [min, max].map((bound) => parseDuration(bound)!) as [number, number];
  const accepts = (text: string) => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= range[0] && milliseconds <= range[1];
  };
  const message =
    list === undefined
      ? `a duration from ${min} to ${max}, written like 500ms, 30s, 10m, 24h or 7d`
      : `1 to ${list} durations from ${min} to ${max}, comma separated, such as 5s,5m,1h`;
  return (target, property) =>
    registerDecorator({
      name: 'isDuration',
      target: target.constructor,
      propertyName: String(property),
      options: { message },
      validator: {
        validate: (value: unknown) => {
          if (typeof value !== 'string') return false;
          const durations = list === undefined ? [value] : value.split(',');
          return durations.length <= (list ?? 1) && durations.every(accepts);
        },
      },
    });
}
