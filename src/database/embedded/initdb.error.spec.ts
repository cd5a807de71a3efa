import { DatabaseUnusableError } from '../database-unusable.error';
import { explainInitdb } from './initdb.error';

/** As `execFile` rejects. */
const failure = (stderr: string) =>
  Object.assign(new Error(`Command failed: /very/long/path/initdb -D …\n${stderr}`), { stderr });

describe(explainInitdb.name, () => {
  it('says what to do about a user without a name', () => {
    const explained = explainInitdb(
      failure('initdb: could not look up effective user ID 1234567: user does not exist\n'),
    );
    expect(explained).toBeInstanceOf(DatabaseUnusableError);
    expect(explained.message).toMatch(/user without a name.*Run as a user that has one.*DATABASE_URL/);
  });

  it('gives the last that was said, which may pass: a disk that is full', () => {
    const full = 'FATAL:  could not extend file "base/1/2691": No space left on device';
    const explained = explainInitdb(failure(`creating directory\n${full}\n`));
    expect(explained).not.toBeInstanceOf(DatabaseUnusableError);
    expect(explained.message).toBe(
      `The embedded PostgreSQL could not make its database:\ncreating directory\n${full}`,
    );
  });

  it('says what the system said when it could not be run', () => {
    expect(explainInitdb(new Error('spawn setpriv ENOENT')).message).toContain('spawn setpriv ENOENT');
  });
});
