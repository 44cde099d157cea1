import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

const SERVICES = {
  regex: '^@rastreio/(producer|consumer|preview)\\b|^(\\.\\./){3,}services/',
  message: 'Share code through packages/.',
};
const STACK = {
  regex: '^@rastreio/stack\\b|^(\\.\\./){3,}stack/',
  message: 'The stack starts services; none of them knows it.',
};
const CLI = {
  regex: '^@rastreio/cli\\b|^(\\.\\./){2,}cli/',
  message: 'The program uses the others; none of them knows it.',
};
/** Packages and services are three folders deep, and have test folders of their own. */
const aboveStack = (depth) => ({
  regex: `^(\\.\\./){${depth},}(bench|test)/`,
  message:
    'Only test/ and bench/ import from there; what tests of packages and services share is in packages/testing.',
});
const ABOVE_STACK = aboveStack(3);
const EVERYTHING_OF_OURS = {
  regex: '^@rastreio/|^(\\.\\./){2,}',
  message: 'The contract stands below every other package.',
};
const FOR_TESTS = { regex: '^@rastreio/testing\\b', message: 'For tests only.' };

/** Rooms of packages/database that a file in another one of them does not know. */
const rooms = (names) => ({
  regex: `^\\.\\./(${names})/`,
  message:
    'In packages/database: connect <- schema <- write, and connect <- maintain; write and maintain meet in index.ts.',
});

/** Imports that files must not have. */
function forbid(files, ...patterns) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

// The plugin has its own configuration, the one Grafana's scaffold gives it (plugins/tracking-panel/eslint.config.mjs).
export default tseslint.config(
  {
    ignores: ['**/node_modules', '**/dist', '**/generated', '.stack', 'plugins', 'coverage'],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.{ts,tsx,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  // Imports go one way: contract <- packages <- services <- stack, cli, bench, test. The last block that fits a file holds.
  forbid(['scripts/**'], SERVICES, aboveStack(2), FOR_TESTS),
  forbid(['stack/**'], SERVICES, CLI, aboveStack(2), FOR_TESTS),
  forbid(['cli/**'], aboveStack(2), FOR_TESTS),
  forbid(['packages/**', 'services/**'], SERVICES, STACK, CLI, ABOVE_STACK, FOR_TESTS),
  forbid(['packages/contract/**'], EVERYTHING_OF_OURS),
  ...Object.entries({
    connect: 'schema|write|maintain',
    schema: 'write|maintain',
    write: 'maintain',
    maintain: 'schema|write',
  }).map(([room, others]) =>
    forbid(
      [`packages/database/src/${room}/!(*.test).ts`],
      ...[SERVICES, STACK, CLI, ABOVE_STACK, FOR_TESTS, rooms(others)],
    ),
  ),
  // Tests borrow servers of the stack.
  forbid(
    ['{packages,services}/**/*.test.ts', '{packages,services}/*/test/**', 'packages/testing/**'],
    SERVICES,
    CLI,
    ABOVE_STACK,
  ),
  forbid(['stack/**/*.test.ts'], SERVICES, CLI, aboveStack(2)),
  forbid(['cli/**/*.test.ts', 'cli/test/**'], ABOVE_STACK),
  {
    files: ['services/preview/web/**/*.tsx', 'services/preview/web/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
