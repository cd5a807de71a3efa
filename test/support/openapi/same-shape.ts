/**
 * Where an example and a real value differ in shape: in the keys of objects, or in the kind of a value, lists by their
 * first elements. What one of them has as null or as an empty list says nothing of the other: their schema decides that.
 *
 * @returns the places, such as `.watch.lastError`; none when the example is true
 */
export function differencesOfShape(example: unknown, real: unknown, place = ''): string[] {
  if (example === null || real === null) return [];
  const [kind, realKind] = [kindOf(example), kindOf(real)];
  if (kind !== realKind) return [`${place || 'the whole'}: ${kind} in the example, ${realKind} in truth`];
  if (Array.isArray(example) && Array.isArray(real))
    return example.length === 0 || real.length === 0
      ? []
      : differencesOfShape(example[0], real[0], `${place}[0]`);
  if (kind !== 'object') return [];
  const [described, found] = [example as Record<string, unknown>, real as Record<string, unknown>];
  return [...new Set([...Object.keys(described), ...Object.keys(found)])].flatMap((key) => {
    if (!Object.hasOwn(described, key)) return [`${place}.${key}: not in the example`];
    if (!Object.hasOwn(found, key)) return [`${place}.${key}: in the example only`];
    return differencesOfShape(described[key], found[key], `${place}.${key}`);
  });
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
