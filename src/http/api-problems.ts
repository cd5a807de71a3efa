import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiParam, ApiResponse, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { toErrorResponse, type ErrorResponse } from './error-response';
import { Problem } from './problem';

/** Describes the `id` in the path of a route: of what it is. */
export const ApiId = (kind: string, example: string): MethodDecorator =>
  ApiParam({ name: 'id', description: `The id of the ${kind}`, type: String, example });

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
export type Response = Exclude<Operation['responses'][string], undefined | { $ref: string }>;
export type Header = NonNullable<Response['headers']>[string];

const REQUEST_ID = '6f1c2b0a-9d53-4c1e-8a77-2f4e6b0d9c31';

const HEADERS: Record<keyof ErrorResponse['headers'], Header> = {
  'Retry-After': {
    description: 'In how many seconds to try again',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  'WWW-Authenticate': {
    description: 'How to send what is missing',
    schema: { type: 'string' },
    example: 'Bearer',
  },
  Allow: {
    description: 'The methods that there are',
    schema: { type: 'string' },
    example: 'GET, HEAD',
  },
};

/**
 * Describes the errors that a method of a controller can be answered with, by status, each with an example: the answer
 * itself. What holds for all of `/v1` is added by `describeAccess` and is not said there.
 */
export function ApiProblems(...errors: Error[]): MethodDecorator {
  return ApiAnswers({}, ...errors);
}

/** The same beside answers that are not JSON: of one status there may be both. */
export function ApiAnswers(answers: Record<number, Response>, ...errors: Error[]): MethodDecorator {
  const responses: Operation['responses'] = { ...answers };
  addProblems(responses, errors);
  return applyDecorators(
    ApiExtraModels(Problem),
    ...Object.entries(responses).map(([status, response]) =>
      ApiResponse({ ...(response as Response), status: Number(status) }),
    ),
  );
}

/** Adds errors to the responses of an operation, beside those of the same status that are there. A code is described once. */
export function addProblems(responses: Operation['responses'], errors: readonly Error[]): void {
  for (const error of errors) {
    const { problem, headers } = toErrorResponse(error, REQUEST_ID, { method: 'GET', url: '/' });
    const so = (responses[problem.status] ?? { description: '' }) as Response;
    responses[problem.status] = withExample(so, problem, Object.keys(headers) as (keyof typeof headers)[]);
  }
}

function withExample(
  response: Response,
  problem: Problem,
  names: (keyof ErrorResponse['headers'])[],
): Response {
  const content = response.content?.['application/problem+json'];
  const examples = content?.examples ?? {};
  if (problem.code in examples) return response;
  const meaning = `\`${problem.code}\`: ${problem.title}`;
  const isFirst = !response.content;
  const headers = { ...response.headers };
  for (const name of names) headers[name] ??= { ...HEADERS[name], required: isFirst };
  // What only some of the errors bring is not required.
  for (const name of Object.keys(HEADERS) as (keyof typeof HEADERS)[])
    if (headers[name] && !names.includes(name)) headers[name] = { ...headers[name], required: false };
  return {
    ...response,
    description: response.description ? `${response.description}; ${meaning}` : meaning,
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      ...response.content,
      'application/problem+json': {
        schema: { $ref: getSchemaPath(Problem) },
        examples: { ...examples, [problem.code]: { summary: problem.title, value: problem } },
      },
    },
  };
}
