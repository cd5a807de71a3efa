import { permissionsOf } from './permissions';

const scope = (...names: string[]) => names.map((name) => `https://www.googleapis.com/auth/gmail.${name}`);

describe(permissionsOf.name, () => {
  it.each([
    [scope('readonly'), ['content', 'changes', 'address'], ['send', 'change', 'password']],
    [scope('metadata'), ['headers', 'changes', 'address'], ['content', 'send', 'change', 'password']],
    [scope('modify'), ['content', 'changes', 'labels', 'send', 'address'], ['deleteForever', 'password']],
    [
      scope('readonly', 'send', 'settings.basic'),
      ['content', 'changes', 'send', 'settings', 'address'],
      ['change', 'password'],
    ],
    [
      ['https://mail.google.com/'],
      ['content', 'changes', 'labels', 'send', 'deleteForever', 'address'],
      ['password'],
    ],
  ])('of %j are %j and not %j', (scopes, can, cannot) => {
    expect(permissionsOf(scopes)).toEqual({ can, cannot });
  });
});
