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

  it.each([
    ['User not authorized to perform this action.', 'lack the role roles/r'],
    [
      'Cloud Pub/Sub API has not been used in project 1 before or it is disabled. Enable it by visiting https://x then retry.',
      'apis/library/pubsub.googleapis.com',
    ],
    ['Request had insufficient authentication scopes.', 'the scope cloud-platform'],
    ['This API method requires billing to be enabled.', 'closed the project'],
    ["Permission denied: Consumer 'projects/p' has been suspended.", 'closed the project'],
    ["Request is prohibited by organization's policy.", 'its organization forbids'],
  ])('says what is missing when Pub/Sub denies a call with %j', (said, remedy) => {
    const explained = explain(7, `7 PERMISSION_DENIED: ${said}`);
    expect(explained).toEqual({ code: 'PERMISSION_DENIED', remedy: expect.stringContaining(remedy) });
    expect(explained.remedy).toContain(said);
    if (!remedy.includes('role')) expect(explained.remedy).not.toContain('roles/r');
  });

  it('speaks of push subscriptions where it is one that cannot be pulled, and not of a topic', () => {
    const refused = { code: 9, message: 'Cloud KMS key is disabled' };
    const said = Object.assign(new Error(refused.message), refused);
    expect(explainPubsubError(said, 'projects/p/topics/t', 'roles/r').remedy).not.toContain('pulled');
    expect(explain(9, refused.message).remedy).toContain('a push subscription cannot be pulled');
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
