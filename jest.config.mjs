/** Unit and integration tests of the packages, services and stack. The panel plugin has its own (jsdom). */
const transform = {
  '^.+\\.m?[tj]sx?$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } }, sourceMaps: 'inline' },
  ],
};
// Packages that ship ES modules only, which jest cannot require untransformed.
const esm = [
  'node-pg-migrate',
  'tinyqueue',
  'pure-rand',
  'fast-check',
  'marked',
  'd3-interpolate',
  'd3-color',
  'd3-scale-chromatic',
  'ol',
  'uuid',
];

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{packages,services,stack,test}/**/*.test.ts'],
  // The gallery has its own configuration: it wants a browser and built files.
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/gallery/'],
  modulePathIgnorePatterns: ['<rootDir>/.stack', '/dist/'],
  transform,
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`],
  // For what hangs: a busy machine takes minutes over what an idle one does in seconds, and that is no failure.
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  setupFiles: ['<rootDir>/test/support/seed.ts'],
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  // Two processors; the servers want some of them.
  maxWorkers: 2,
};
