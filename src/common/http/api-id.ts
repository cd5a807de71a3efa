import { ApiParam } from '@nestjs/swagger';

/** Describes the `id` in the path of a route: of what it is. */
export const ApiId = (kind: string, example: string): MethodDecorator =>
  ApiParam({ name: 'id', description: `The id of the ${kind}`, type: String, example });
