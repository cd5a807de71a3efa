// Jest loads each module anew for each spec file: 3,000 of them make up the service, and they are slow until they have run for
// a while. Here the libraries, the program, the local Google and the description of the API, whose schemas take long to
// compile, are loaded once for each worker, by a runtime that stays; the spec files and what supports them are new for each
// file, as ever. So nothing of the program may keep state outside its objects, which two replicas in one process need as well.
const { dirname, join, resolve, sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const ROOT = join(__dirname, '..', '..', '..');

const SHARED = [
  ...['src', join('test', 'fakes')].map((place) => join(ROOT, place) + sep),
  join(ROOT, 'test', 'support', 'openapi', 'description'),
];

/** Jest's own, which belong to a file, and the client, which is built for its users. */
const OF_THE_FILE = /^(@jest\/|jest-|expect$|inboxwire-client$|node:|\/)/;

let shared;

module.exports = class SharedModulesRuntime extends Runtime {
  constructor(...settings) {
    super(...settings);
    shared ??= withoutRequireCache(new Runtime(...settings));
  }

  requireModuleOrMock(from, name) {
    return isShared(from, name)
      ? shared.requireModuleOrMock(from, name)
      : super.requireModuleOrMock(from, name);
  }
};

/** Fastify looks through all of `require.cache` for the name of each plugin, and Jest computes it anew for each look. */
function withoutRequireCache(runtime) {
  runtime.registries.getRequireCacheProxy = () => Object.create(null);
  return runtime;
}

function isShared(from, name) {
  if (!name.startsWith('.')) return !OF_THE_FILE.test(name);
  const path = resolve(dirname(from), name);
  return SHARED.some((place) => path.startsWith(place));
}
