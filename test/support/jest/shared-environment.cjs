// The globals that all spec files of one worker share, so that libraries need to be loaded once for all of them: see the
// runtime beside it. What a file has changed in them is put back when it ends.
const { TestEnvironment } = require('jest-environment-node');

let shared;

module.exports = class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    if (shared) return shared;
    super(config, context);
    shared = this;
    this.variables = { ...this.global.process.env };
  }

  async teardown() {
    this.fakeTimersModern.useRealTimers();
    this.moduleMocker.restoreAllMocks();
    const { env } = this.global.process;
    for (const name of Object.keys(env)) if (!(name in this.variables)) delete env[name];
    Object.assign(env, this.variables);
  }
};
