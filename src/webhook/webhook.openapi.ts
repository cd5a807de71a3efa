import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { ApiAnswers } from '../http/api-problems';
import { UNAVAILABLE, TOO_LARGE } from '../http/request.openapi';
import { ForbiddenSubscriptionError, NoPubSubPushError, PushTokenRefusedError } from './webhook.errors';

export const ApiPush = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'receivePush',
      summary: 'Receive a Pub/Sub push',
      description: 'Called by Google, with a token that Google signs.',
    }),
    ApiBody({
      description: 'A wrapped or an unwrapped push',
      schema: { type: 'object', additionalProperties: true },
      examples: {
        wrapped: {
          summary: 'Wrapped, as Pub/Sub sends it unless it is configured otherwise',
          value: {
            message: {
              data: 'eyJlbWFpbEFkZHJlc3MiOiJhZGFAZXhhbXBsZS5jb20iLCJoaXN0b3J5SWQiOjE3NDg1MDN9',
              messageId: '2070443601311540',
              publishTime: '2026-11-22T09:14:02.331Z',
            },
            subscription: 'projects/my-project/subscriptions/gmail-push',
          },
        },
        unwrapped: {
          summary: 'Unwrapped: the data alone, and the rest in headers',
          value: { emailAddress: 'ada@example.com', historyId: 1748503 },
        },
      },
    }),
    ApiAnswers(
      { 204: { description: 'The hint is committed, or could never be used' } },
      new NoPubSubPushError('there is no message in it'),
      new PushTokenRefusedError('there is no bearer token'),
      new ForbiddenSubscriptionError(),
      TOO_LARGE,
      UNAVAILABLE,
    ),
  );
