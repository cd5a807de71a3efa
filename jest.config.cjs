const { readFileSync } = require('node:fs');
const { join } = require('node:path');

// Three tiers: small (beside the code, no I/O), medium (real PostgreSQL, parts of the program) and e2e (all of it over HTTP);
// and two of processes that are killed: chaos, which brings a PostgreSQL of its own, and cluster, in which time counts, and which has
// the machine for itself.
// Most tests wait more than they compute: there are more workers than two cores (see `test:parts` in package.json).
const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
/** As in `.swcrc`, for pages: `<T>` means something else in them. */
const tsx = structuredClone(swc);
tsx.jsc.parser.tsx = true;
tsx.jsc.transform.react = { runtime: 'automatic', importSource: 'preact' };

const common = {
  transform: { '^.+\\.ts$': '@swc/jest', '^.+\\.tsx$': ['@swc/jest', { ...tsx, swcrc: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // As its users have it: built.
  // What is loaded when it is first used is named as it is once it is built.
  moduleNameMapper: {
    '^inboxwire-client$': '<rootDir>/dist/client/index.js',
    '^(\\.{1,2}/.+)\\.js$': '$1',
  },
};
const withPostgres = {
  ...common,
  testEnvironment: '<rootDir>/test/support/jest/shared-environment.cjs',
  runtime: '<rootDir>/test/support/jest/shared-modules.runtime.cjs',
  globalSetup: '<rootDir>/test/support/database/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/database/global-teardown.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  reporters: ['default', '<rootDir>/test/support/jest/slowest-specs.reporter.cjs'],
  testSequencer: '<rootDir>/test/support/jest/slow-tiers-first.sequencer.cjs',
  // Patience: on a busy machine everything starts slowly, and what comes late is not wrong.
  testTimeout: 60_000,
  // A worker that has loaded the whole program needs a second or more to give its memory back. One that leaks never ends.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...common,
      displayName: 'small',
      testMatch: ['src', 'test/docs', 'test/demo', 'test/fakes', 'test/support'].map(
        (place) => `<rootDir>/${place}/**/*.spec.ts`,
      ),
    },
    { ...withPostgres, displayName: 'medium', testMatch: ['<rootDir>/test/medium/**/*.spec.ts'] },
    { ...withPostgres, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    { ...withPostgres, displayName: 'cluster', testMatch: ['<rootDir>/test/cluster/**/*.spec.ts'] },
    { ...common, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/**/*.spec.ts'] },
  ],
};
