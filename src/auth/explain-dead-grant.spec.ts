import { explainDeadGrant } from './explain-dead-grant';

const NOW = new Date('2026-11-22T08:00:00Z');
const HOUR = 3_600_000;

describe(explainDeadGrant, () => {
  it.each([168, 168.9, 180])(
    'names the consent screen in "Testing" for a grant that died %d hours old',
    (age) => {
      const message = explainDeadGrant(new Date(NOW.getTime() - age * HOUR), NOW);
      expect(message).toMatch(/7 days after it was given.*"Testing".*Publish/);
    },
  );

  it.each([0.1, 100, 24 * 9, 24 * 200])('names every cause for one that died %d hours old', (age) => {
    const message = explainDeadGrant(new Date(NOW.getTime() - age * HOUR), NOW);
    expect(message).toMatch(/access was removed, the password changed.*six months.*"Testing"/);
  });

  it('names every cause when the age is not known', () => {
    expect(explainDeadGrant(null, NOW)).toContain('access was removed');
  });
});
