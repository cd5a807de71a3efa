// Three tiers: small (beside the code, no I/O), medium (real PostgreSQL, the local Google) and e2e (the whole program).
const swc = { transform: { '^.+\\.ts$': '@swc/jest' } };

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...swc,
      displayName: 'small',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/fakes/**/*.spec.ts'],
    },
  ],
};
