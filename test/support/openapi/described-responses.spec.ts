import { expectDescribed, operationAt } from './described-responses';

const answer = (status: number, body: unknown, contentType = 'application/json; charset=utf-8') => ({
  status,
  contentType,
  body,
});

const PROBLEM = {
  type: 'urn:inboxwire:problem:not_found',
  title: 'Not found',
  status: 404,
  detail: 'There is no event evt_x.',
  code: 'not_found',
  requestId: '6f1c2f0e-3b0f-4b3e-9c8c-0d7f5f0a9f53',
};

describe(expectDescribed.name, () => {
  it('accepts what is described', () => {
    expectDescribed('listEvents', answer(200, { data: [], nextCursor: null }));
    expectDescribed('getEvent', answer(404, PROBLEM, 'application/problem+json; charset=utf-8'));
  });

  it.each([
    ['a status that is not described', answer(418, {}), /status is not described/],
    ['a content type that is not described', answer(404, PROBLEM), /content type is application\/json/],
    [
      'a field that is not described',
      answer(200, { data: [], nextCursor: null, total: 0 }),
      /"unevaluatedProperty":"total"/,
    ],
    [
      'an answer without a field that is described',
      answer(200, { data: [] }),
      /"missingProperty":"nextCursor"/,
    ],
    ['a value of another type', answer(200, { data: [], nextCursor: 7 }), /nextCursor must be/],
  ])('refuses %s', (_, received, fault) => {
    const operation = received.status === 404 ? 'getEvent' : 'listEvents';
    expect(() => expectDescribed(operation, received)).toThrow(fault);
  });

  it('knows the operation of a request', () => {
    expect(operationAt('GET', '/v1/events/stream?after=evt_x')).toBe('streamEvents');
    expect(operationAt('GET', '/v1/events/evt_x')).toBe('getEvent');
    expect(operationAt('GET', '/v1/nothing')).toBeUndefined();
    expect(() => expectDescribed('sendMail', answer(200, {}))).toThrow(/no operation sendMail/);
  });
});
