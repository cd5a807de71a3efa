const { default: Sequencer } = require('@jest/test-sequencer');

const TIERS = ['chaos', 'cluster', 'e2e', 'medium', 'small'];

/** The slow tiers first, so that no worker is left with a long spec at the end; within a tier as Jest orders them. */
module.exports = class SlowTiersFirst extends Sequencer {
  sort(tests) {
    const tier = ({ context }) => TIERS.indexOf(context.config.displayName.name);
    return super.sort(tests).toSorted((one, other) => tier(one) - tier(other));
  }
};
