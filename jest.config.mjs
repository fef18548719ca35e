/** Jest runs TypeScript as ES modules; ops/scripts/test.mjs starts it with the flags that needs. */
export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // They run containers: `npm run test:containers`, `npm run test:deploy`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/containers/', '<rootDir>/test/deploy/'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  reporters: ['default', '<rootDir>/test/support/reporter.mjs'],
  // Two cores, a database, and programs that start: how long a test takes says nothing about what it shows.
  testTimeout: 90_000,
  setupFiles: ['<rootDir>/test/support/setup.ts'],
};
