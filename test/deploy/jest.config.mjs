/** Deployments on real Podman, through real Caddy: `npm run test:deploy`. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/test/deploy'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  testTimeout: 400_000,
  maxWorkers: 1,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/deploy/set-up.mjs',
  reporters: ['default', '<rootDir>/test/support/reporter.mjs'],
};
