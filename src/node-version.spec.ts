import { complaintOfNode } from './node-version';

describe('the version of Node.js', () => {
  it.each(['v24.0.0', 'v24.21.0', 'v26.1.0-nightly'])('%s will do', (version) => {
    expect(complaintOfNode(version)).toBeUndefined();
  });

  it.each(['v20.20.2', 'v22.12.0', 'v23.9.0', 'v9.1.0'])(
    '%s is too old, and the remedy is named',
    (version) => {
      expect(complaintOfNode(version)).toMatch(
        `Node.js 24 or newer, and this is ${version}. Start it with \`npm start\``,
      );
    },
  );

  it('of this repository will do', () => {
    expect(complaintOfNode(process.version)).toBeUndefined();
  });
});
