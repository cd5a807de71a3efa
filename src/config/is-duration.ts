import { registerDecorator } from 'class-validator';
import { parseDuration } from '../common/duration';

/**
 * Accepts a duration, or with `list` a comma-separated list of them.
 *
 * @param bounds.min the least that makes sense, in milliseconds
 */
export function IsDuration(bounds: { min?: number; list?: boolean } = {}): PropertyDecorator {
  const accepts = (text: string) => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= (bounds.min ?? 1);
  };
  return (target, property) =>
    registerDecorator({
      name: 'isDuration',
      target: target.constructor,
      propertyName: String(property),
      options: {
        message: bounds.list
          ? 'a comma-separated list of durations such as 5s,5m,1h'
          : `a duration such as 500ms, 30s, 10m, 24h or 30d${bounds.min ? `, at least ${bounds.min} ms` : ''}`,
      },
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && (bounds.list ? value.split(',') : [value]).every(accepts),
      },
    });
}
