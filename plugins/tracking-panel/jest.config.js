// Dates must read the same on every machine.
process.env.TZ = 'UTC';

const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');
const scaffold = require('./.config/jest.config');

// The scaffold's key leaves .mjs alone, and d3-color ships .mjs that jest cannot require untransformed.
const [swc] = Object.values(scaffold.transform);

module.exports = {
  ...scaffold,
  transform: { '^.+\\.m?[tj]sx?$': swc },
  transformIgnorePatterns: [nodeModulesToTransform([...grafanaESModules, 'fast-check', 'pure-rand'])],
  // More than what is waited for within a test (jest-setup.js).
  testTimeout: 120_000,
  // Two processors, as on the machines that run the tests.
  maxWorkers: 2,
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
