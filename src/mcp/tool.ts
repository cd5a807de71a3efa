import { z } from 'zod';
import type { Caller } from '../access/key/caller';
import type { Scope } from '../access/key/scope';
import { ValidationFailedError } from '../http/http.errors';
import type { ProblemDetail } from '../http/problem';
import { MAX_EXPLAINED } from '../http/validation';
import { unknownField } from '../http/validation-details';

/** By whom a tool is called, and for how long somebody waits for the result. */
export interface ToolCall {
  caller: Caller;
  requestId: string;
  signal: AbortSignal;
}

type JsonSchema = { type: 'object' } & Record<string, unknown>;

/** What an agent may do here. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  /** What the key needs. */
  scope: Scope;
  /** False: nobody may use it here, whatever their key. */
  isOffered: boolean;
  /** Hints for whoever asks a person before a tool is used. */
  annotations: {
    readOnlyHint: boolean;
    destructiveHint?: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** It takes a connection to the database for a moment, of which there are few. */
  readsDatabase: boolean;
  inputSchema: JsonSchema;
  outputSchema: JsonSchema;
  /** @throws ValidationFailedError and the errors of the API */
  run(input: unknown, call: ToolCall): Promise<object>;
}

interface ToolPlan<Input extends z.ZodObject> extends Pick<
  Tool,
  'name' | 'title' | 'description' | 'annotations'
> {
  scope?: Scope;
  isOffered?: boolean;
  readsDatabase?: boolean;
  input: Input;
  output: z.ZodObject;
  run: (input: z.output<Input>, call: ToolCall) => Promise<object>;
}

export function defineTool<Input extends z.ZodObject>({
  scope = 'read',
  isOffered = true,
  readsDatabase = false,
  input,
  output,
  run,
  ...plan
}: ToolPlan<Input>): Tool {
  return {
    ...plan,
    scope,
    isOffered,
    readsDatabase,
    inputSchema: schemaOf(input, 'input'),
    outputSchema: orProblem(schemaOf(output, 'output')),
    run: async (given, call) => run(read(input, given), call),
  };
}

function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  // The draft is not named: clients validate with what they have, and refuse names that they do not know.
  return { ...z.toJSONSchema(schema, { io, target: 'draft-7' }), $schema: undefined, type: 'object' };
}

/** Clients hold errors to the schema of the result too. */
function orProblem({ required, ...schema }: JsonSchema): JsonSchema {
  return {
    ...schema,
    anyOf: [{ required }, { required: ['type', 'title', 'status', 'detail', 'code'] }],
  };
}

function read<Input extends z.ZodObject>(schema: Input, given: unknown): z.output<Input> {
  const { success, data, error } = schema.safeParse(withoutNulls(schema, given ?? {}));
  if (success) return data;
  const known = Object.keys(schema.shape);
  const issues = error.issues.slice(0, MAX_EXPLAINED);
  throw new ValidationFailedError(issues.flatMap((issue) => faultsOf(issue, known)));
}

/** Many clients write null for what they leave out. Where null means something, it stays. */
function withoutNulls({ shape }: z.ZodObject, given: object): object {
  const isLeftOut = ([key, value]: [string, unknown]) =>
    value === null && Object.hasOwn(shape, key) && !z.safeParse(shape[key], null).success;
  return Object.fromEntries(Object.entries(given).filter((entry) => !isLeftOut(entry)));
}

function faultsOf(issue: z.core.$ZodIssue, known: string[]): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, MAX_EXPLAINED)
      .map((key) => ({ path: key, message: unknownField(key, known) }));
  return [{ path: issue.path.join('.'), message: issue.message }];
}
