import { defineConfig } from 'eslint/config';
import i18n from '@grafana/i18n/eslint-plugin';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'coverage/',
      'playwright-report/',
      'test-results/',
      'playwright/',
      '.config/',
    ],
  },
  ...baseConfig,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    // The scaffold's patterns for these match nothing, and ESLint skips what no pattern names.
    files: ['tests/**/*.ts', 'tools/**/*.ts', '*.config.ts'],
    languageOptions: { parserOptions: { project: './tests/tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // "use" is how Playwright names a fixture's callback, not React's hook.
      'react-hooks/rules-of-hooks': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    plugins: { '@grafana/i18n': i18n },
    rules: {
      '@grafana/i18n/no-untranslated-strings': ['error', { calleesToIgnore: ['^css$', '^useState$'] }],
      '@grafana/i18n/no-translation-top-level': 'error',
    },
  },
]);
