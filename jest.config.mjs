/** Jest runs TypeScript as ES modules; ops/scripts/test.mjs starts it with the flags that needs. */
export default {
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  reporters: ['default', '<rootDir>/test/support/reporter.mjs'],
  setupFiles: ['<rootDir>/test/support/setup.ts'],
};
