import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

const ACROSS = [
  {
    group: ['**/services/*', '@rastreio/producer*', '@rastreio/consumer*', '@rastreio/preview*'],
    message: 'Share code through packages/.',
  },
  {
    group: ['**/test/support/*', '**/test/kpis/*', '**/test/chaos/*', '**/test/grafana/*'],
    message: 'What tests share is in packages/testing.',
  },
];
const FOR_TESTS = { group: ['@rastreio/testing', '@rastreio/testing/*'], message: 'For tests only.' };

// The plugin has its own configuration, the one Grafana's scaffold gives it (plugins/tracking-panel/eslint.config.mjs).
export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/generated',
      '.stack',
      'plugins',
      'coverage',
      'services/producer/static',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-imports': ['error', { patterns: [...ACROSS, FOR_TESTS] }],
    },
  },
  {
    files: ['**/*.test.ts', '*/*/test/**', 'packages/testing/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ACROSS }] },
  },
  // Tests and benchmarks over several services may look into them.
  { files: ['test/**', 'bench/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['services/preview/web/**/*.tsx', 'services/preview/web/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
