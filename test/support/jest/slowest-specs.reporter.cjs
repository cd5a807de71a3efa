const { relative } = require('node:path');

const COUNT = 10;

/** Prints at the end of a run which spec files took the longest, so that they are looked at. */
module.exports = class SlowestSpecsReporter {
  constructor() {
    this.specs = [];
  }

  onTestResult(test, { perfStats }) {
    this.specs.push({ path: relative(process.cwd(), test.path), seconds: perfStats.runtime / 1_000 });
  }

  onRunComplete() {
    if (this.specs.length < COUNT) return;
    const slowest = this.specs.sort((one, other) => other.seconds - one.seconds).slice(0, COUNT);
    const lines = slowest.map(({ path, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${path}`);
    process.stderr.write(`\nThe ${COUNT} slowest specs:\n${lines.join('\n')}\n`);
  }
};
