import { transform, transformIgnorePatterns } from '../../jest.config.mjs';

/** The panel gallery in a real browser; apart from the other tests because it wants the plugin and the preview built. */
export default {
  testEnvironment: 'node',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/gallery/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.stack', '/dist/'],
  transform,
  transformIgnorePatterns,
  verbose: true,
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/gallery/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/gallery/support/globalTeardown.ts',
  // A browser takes a processor of its own, and pictures are taken one after the other anyway.
  maxWorkers: 1,
};
