// Jest loads each module anew for each spec file: 3,000 of them make up the service, 2,600 in libraries, which takes longer
// than most files need for their tests. Here the project's own modules are new for each file, as ever, and libraries are
// loaded once for each worker, by a runtime that stays.
const { default: Runtime } = require('jest-runtime');

/** Jest's own, which belong to a file, and the client, which is the project's own by another name. */
const OF_THE_FILE = /^(@jest\/|jest-|expect$|@inboxwire\/|node:|[./])/;

let libraries;

module.exports = class SharedLibrariesRuntime extends Runtime {
  constructor(...settings) {
    super(...settings);
    libraries ??= new Runtime(...settings);
  }

  requireModuleOrMock(from, name) {
    return OF_THE_FILE.test(name)
      ? super.requireModuleOrMock(from, name)
      : libraries.requireModuleOrMock(from, name);
  }
};
