const { default: Sequencer } = require('@jest/test-sequencer');

/** Those of one group run beside each other: e2e mostly computes, medium mostly waits. All others come last. */
const GROUPS = [
  ['chaos', 'cluster'],
  ['e2e', 'medium'],
];

/** Of the others these take the longest, whatever Jest expects of them. */
const FUZZ = /\.fuzz\.spec\.ts$/;

/** The slow tiers first, so that no worker is left with a long spec at the end; within a tier as Jest orders them. */
module.exports = class SlowTiersFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const of = (tier) => sorted.filter(({ context }) => context.config.displayName.name === tier);
    const first = GROUPS.flatMap((tiers) => evenly(tiers.map(of)));
    const fuzz = sorted.filter(({ path }) => FUZZ.test(path));
    return [...new Set([...first, ...fuzz, ...sorted])];
  }
};

/** The items of all lists, each list spread over the whole. */
function evenly(lists) {
  const placed = lists.flatMap((items) =>
    items.map((item, index) => ({ item, place: index / items.length })),
  );
  return placed.toSorted((one, other) => one.place - other.place).map(({ item }) => item);
}
