/** The tests in containers: they build the image and run the whole stack, so `npm test` leaves them out. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/test/containers'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  testTimeout: 900_000,
  maxWorkers: 1,
  testSequencer: '<rootDir>/test/containers/sequencer.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/containers/set-up.mjs',
  reporters: ['default', '<rootDir>/test/support/reporter.mjs'],
};
