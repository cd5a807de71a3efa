import { explainPubsubError } from './explain-pubsub-error';

describe(explainPubsubError, () => {
  const explain = (code: number | undefined, message: string) =>
    explainPubsubError(Object.assign(new Error(message), { code }), 'projects/p/subscriptions/s', 'roles/r');

  it.each([
    [5, 'NOT_FOUND', 'projects/p/subscriptions/s does not exist'],
    [7, 'PERMISSION_DENIED', 'lack the role roles/r on projects/p/subscriptions/s'],
    [16, 'UNAUTHENTICATED', 'does not accept the credentials'],
    [9, 'FAILED_PRECONDITION', 'cannot be used like this'],
    [14, 'UNAVAILABLE', 'cannot be reached'],
    [2, 'UNKNOWN', 'cannot be reached'],
  ])('says what %i means', (code, name, remedy) => {
    expect(explain(code, 'said')).toEqual({ code: name, remedy: expect.stringContaining(remedy) });
  });

  it('says that there are no credentials, and what to do of a stream that was closed without a word', () => {
    expect(explain(undefined, 'Could not load the default credentials.').remedy).toContain(
      'GOOGLE_APPLICATION_CREDENTIALS',
    );
    expect(explainPubsubError(undefined, 'projects/p/topics/t', 'roles/r').remedy).toContain(
      'cannot be reached',
    );
  });
});
