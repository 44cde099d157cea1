import { defineConfig } from 'eslint/config';
import i18n from '@grafana/i18n/eslint-plugin';
import baseConfig from './.config/eslint.config.mjs';

/**
 * Imports between the rooms of src/ go one way: shared <- statuses <- interaction <- pie, cards, table <- frame <- the files beside the
 * rooms, of which types.ts (all options with their defaults) and constants.ts may be asked for by everyone. Tests draw the whole panel.
 */
function room(name, ...mayAsk) {
  const rooms = ['shared', 'statuses', 'interaction', 'pie', 'cards', 'table', 'frame', 'migrations'];
  const others = rooms.filter((other) => ![name, ...mayAsk].includes(other));
  const refused = [
    {
      regex: `^\\.\\./(${others.join('|')})/`,
      message: `${name}/ may ask ${['itself', ...mayAsk].join(', ')}.`,
    },
    {
      regex: '^\\.\\./(module|options|plugin|suggestions|migrations)$',
      message: 'They know the rooms, no room knows them.',
    },
  ];
  return {
    files: [`src/${name}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', { patterns: refused }] },
  };
}

const BELOW_FEATURES = ['shared', 'statuses', 'interaction'];

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
  room('shared'),
  room('statuses', 'shared'),
  room('interaction', 'shared', 'statuses'),
  room('pie', ...BELOW_FEATURES),
  room('cards', ...BELOW_FEATURES),
  room('table', ...BELOW_FEATURES),
  room('frame', ...BELOW_FEATURES, 'pie', 'cards', 'table'),
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
