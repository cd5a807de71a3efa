// The globals that all spec files of one worker share, so that libraries and the program need to be loaded once for all of them: see the
// runtime beside it. What a file has changed in them is put back when it ends.
const { TestEnvironment } = require('jest-environment-node');

// When a worker has nothing left to do, Node takes its heap apart before it ends: with hundreds of megabytes on a busy machine
// that takes longer than the half second that Jest waits before it reports a leak. Ended like this, it leaves the heap to the
// system. What is really left open keeps the worker alive as before, and is reported.
if (process.send) process.once('beforeExit', () => process.exit());

let shared;

module.exports = class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    if (shared) return shared;
    super(config, context);
    shared = this;
    this.variables = { ...this.global.process.env };
    this.exit = this.global.process.exit;
    this.symbols = new Set(Object.getOwnPropertySymbols(this.global));
  }

  async teardown() {
    this.fakeTimersModern.useRealTimers();
    this.moduleMocker.restoreAllMocks();
    // Jest keeps the tests of a file, and all that they hold, under symbols that it makes anew for each file; and what was
    // there before, for a clean-up when the environment ends.
    for (const symbol of Object.getOwnPropertySymbols(this.global))
      if (!this.symbols.has(symbol)) delete this.global[symbol];
    this._globalProxy.leftovers = [];
    this.global.process.exit = this.exit;
    const { env } = this.global.process;
    for (const name of Object.keys(env)) if (!(name in this.variables)) delete env[name];
    Object.assign(env, this.variables);
  }
};
