// @ts-check
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.data/', '**/*.{js,cjs,mjs}', 'src/client/generated/'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Nest modules are empty classes with a decorator; handlers are async to keep one shape.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings are read in src/config/environment.ts only.',
        },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.ts', 'src/database/migrations/**', 'src/client/**'],
    rules: {
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }],
    },
  },
  {
    // Markup is long and flat.
    files: ['src/**/*.tsx'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: [
      '**/*.spec.ts',
      'src/client/**',
      // Each says why.
      'src/auth/grant.service.ts',
      'src/connection/connect/connect-session.service.ts',
      'src/connection/lifecycle/mailbox-life.service.ts',
      'src/connection/mailboxes/connection.service.ts',
      'src/connection/workspace/workspace.service.ts',
      'src/delivery/api/endpoint-change.service.ts',
      'src/delivery/queue/cursor-delivery.service.ts',
      'src/sync/backfill/backfill.service.ts',
      'src/watch/watch-outcome.service.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>5]",
          message: 'A class with more than five dependencies does more than one thing. Split it.',
        },
      ],
    },
  },
  {
    files: ['src/config/environment.ts', 'test/**', '**/*.spec.ts', 'docs/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**', '**/*.spec.ts'],
    rules: {
      // The matchers of Jest (`expect.any(String)`) are of the type any, wherever they stand for a value.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
