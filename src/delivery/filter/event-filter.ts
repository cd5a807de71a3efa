/** A value that is compared as a whole. */
export type FilterValue = string | number | boolean | null;

/** A condition: a value that is to be equal, or an object of fields and operators that all have to hold. */
export type FilterCondition = FilterValue | { [key: string]: FilterCondition | FilterCondition[] };

/** Conditions on an event, an object of its shape. */
export type EventFilter = Exclude<FilterCondition, FilterValue>;

/** Operators that compare one value: an array satisfies them when one of its items does. */
export const COMPARISONS = ['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$startsWith', '$endsWith'] as const;

/** Operators that concern a value as it stands, arrays as a whole. */
export const WHOLE_VALUE_OPERATORS = ['$neq', '$nin', '$exist', '$and', '$or', '$not'] as const;

export const FILTER_OPERATORS = [...COMPARISONS, ...WHOLE_VALUE_OPERATORS] as const;

export type FilterOperator = (typeof FILTER_OPERATORS)[number];
export type Comparison = (typeof COMPARISONS)[number];

export const isValue = (value: unknown): value is FilterValue =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
