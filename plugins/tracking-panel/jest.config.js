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
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
