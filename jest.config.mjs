import { testFiles } from './test/projects.mjs';

export const transform = {
  '^.+\\.m?[tj]sx?$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } }, sourceMaps: 'inline' },
  ],
};
// Packages that ship ES modules only, which jest cannot require untransformed.
const esm = [
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

export const transformIgnorePatterns = [`/node_modules/(?!(${esm.join('|')})/)`];

const project = (displayName, files) => ({
  displayName,
  testEnvironment: 'node',
  testMatch: files.map((file) => `<rootDir>/${file}`),
  modulePathIgnorePatterns: ['<rootDir>/.stack', '/dist/'],
  transform,
  transformIgnorePatterns,
  setupFiles: ['<rootDir>/test/support/seed.ts'],
});

const withServers = (name, files) => ({
  ...project(name, files),
  globalSetup: `<rootDir>/test/support/servers/${name}.ts`,
  globalTeardown: '<rootDir>/test/support/servers/tearDown.ts',
});

/**
 * Tests of the packages, services, programs and stack in three projects: `kafka` starts a broker and databases, `db` databases, and only
 * where one of their files is asked for; `unit` is all the rest, and starts nothing before its tests. The panel plugin and the gallery
 * have their own configurations.
 */
export default () => {
  const { kafka, db, unit } = testFiles();
  return {
    projects: [project('unit', unit), withServers('db', db), withServers('kafka', kafka)],
    // For what hangs: a busy machine takes minutes over what an idle one does in seconds, and that is no failure.
    testTimeout: 600_000,
    globalSetup: '<rootDir>/test/support/chooseSeed.ts',
    // On two processors: many tests wait for a server or a process for much of their time.
    maxWorkers: 3,
  };
};
